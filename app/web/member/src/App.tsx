import { loadTheme, paint, plainTheme, ThemeContext, useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useLayoutEffect } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Welcome } from './pages/Welcome.tsx';
import { Failed } from './parts/Failed.tsx';
import { Frame } from './parts/Frame.tsx';
import { Loading } from './parts/Loading.tsx';
import { Notice } from './parts/Notice.tsx';
import { MeContext, meQuery } from './session.ts';

const Home = lazy(() => import('./pages/Home.tsx'));
const MyPage = lazy(() => import('./pages/MyPage.tsx'));
const Devices = lazy(() => import('./pages/Devices.tsx'));
const Password = lazy(() => import('./pages/Password.tsx'));

export function App() {
  const t = useT();
  const theme = useQuery({ queryKey: ['theme'], queryFn: loadTheme, staleTime: 300_000, retry: false });
  const look = theme.data ?? plainTheme;
  const title = t('app.member');
  useLayoutEffect(() => paint(look, title), [look, title]);
  // The first answer decides the colours: nothing is painted in the wrong ones and then changed.
  if (theme.isPending) return null;
  return (
    <ThemeContext value={look}>
      <Inside />
      <Notice />
    </ThemeContext>
  );
}

function Inside() {
  const me = useQuery(meQuery);
  if (me.isPending) return <Loading />;
  if (me.error) return <Failed error={me.error} retry={() => void me.refetch()} page />;
  if (!me.data) return <Welcome />;
  return (
    <MeContext value={me.data}>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/me/devices">
            <Devices />
          </Route>
          <Route path="/me/password">
            <Password />
          </Route>
          <Route path="/me">
            <Frame>
              <MyPage />
            </Frame>
          </Route>
          <Route path="/">
            <Frame>
              <Home />
            </Frame>
          </Route>
          <Route>
            <Redirect to="/" replace />
          </Route>
        </Switch>
      </Suspense>
    </MeContext>
  );
}
