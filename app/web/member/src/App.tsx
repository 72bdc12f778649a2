import { loadTheme, paint, plainTheme, read, type Theme, ThemeContext, useT, write } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useLayoutEffect } from 'react';
import { Redirect, Route, Switch, useLocation, useSearchParams } from 'wouter';
import { onLeft } from './kept.ts';
import { type LegalKind, legalKinds } from './legal.ts';
import { Welcome } from './pages/Welcome.tsx';
import { Failed } from './parts/Failed.tsx';
import { Frame, Level } from './parts/Frame.tsx';
import { Loading } from './parts/Loading.tsx';
import { Notice } from './parts/Notice.tsx';
import { StepUp } from './parts/StepUp.tsx';
import { Update } from './parts/Update.tsx';
import { onPreview, previewToken } from './preview.ts';
import { MeContext, meQuery, useMe } from './session.ts';

const Apps = lazy(() => import('./pages/Apps.tsx'));
const Authorize = lazy(() => import('./pages/Authorize.tsx'));
const CardPage = lazy(() => import('./pages/CardPage.tsx'));
const ChangePage = lazy(() => import('./pages/ChangePage.tsx'));
const ConsentDue = lazy(() => import('./pages/ConsentDue.tsx'));
const DataPage = lazy(() => import('./pages/DataPage.tsx'));
const Devices = lazy(() => import('./pages/Devices.tsx'));
const FilePage = lazy(() => import('./pages/FilePage.tsx'));
const Home = lazy(() => import('./pages/Home.tsx'));
const Invitation = lazy(() => import('./pages/Invitation.tsx'));
const Legal = lazy(() => import('./pages/Legal.tsx'));
const MyPage = lazy(() => import('./pages/MyPage.tsx'));
const Password = lazy(() => import('./pages/Password.tsx'));
const RecordsPage = lazy(() => import('./pages/RecordsPage.tsx'));
const RequestsPage = lazy(() => import('./pages/RequestsPage.tsx'));
const Reset = lazy(() => import('./pages/Reset.tsx'));
const Security = lazy(() => import('./pages/Security.tsx'));
const SignOut = lazy(() => import('./pages/SignOut.tsx'));
const UnionPage = lazy(() => import('./pages/UnionPage.tsx'));

const LOOK = 'look';

/** How the body looked the last time: the first paint is right, also without a network. */
function lastLook(): Theme | undefined {
  try {
    return (JSON.parse(read(LOOK) ?? 'null') as Theme | null) ?? undefined;
  } catch {
    return undefined;
  }
}

async function askLook(has?: Theme): Promise<Theme> {
  const look = await loadTheme(has, previewToken);
  if (look !== has && !previewToken) write(LOOK, JSON.stringify(look));
  return look;
}

export function App() {
  const t = useT();
  const theme = useQuery({
    queryKey: ['theme'],
    queryFn: ({ client }) => askLook(client.getQueryData<Theme>(['theme'])),
    initialData: previewToken ? undefined : lastLook,
    initialDataUpdatedAt: 0,
    // Asked for anew whenever the person comes back to the page, or goes to another.
    staleTime: 0,
    retry: false,
  });
  const [path] = useLocation();
  const { refetch } = theme;
  useEffect(() => {
    if (path) void refetch();
  }, [path, refetch]);
  useEffect(() => onPreview(() => void refetch()), [refetch]);
  const look = theme.data ?? plainTheme;
  const title = t('app.member');
  useLayoutEffect(() => paint(look, title), [look, title]);
  useEffect(() => onLeft(() => window.location.reload()), []);
  // The first answer decides the colours: nothing is painted in the wrong ones and then changed.
  if (theme.isPending) return null;
  return (
    <ThemeContext value={look}>
      <Suspense fallback={<Loading />}>
        <Door />
      </Suspense>
      <StepUp />
      <Update />
      {look.preview && window.parent === window && <p className="preview-mark">{t('member.preview')}</p>}
      <Notice />
    </ThemeContext>
  );
}

function Door() {
  const me = useQuery(meQuery);
  if (me.isPending) return <Loading />;
  if (me.error && !me.data) return <Failed error={me.error} retry={() => void me.refetch()} page />;
  if (!me.data) return <Outside />;
  return (
    <MeContext value={me.data}>
      <Inside />
    </MeContext>
  );
}

function LegalAt({ kind, back }: { kind: string; back: string }) {
  const known = legalKinds.find((one): one is LegalKind => one === kind);
  return known ? <Legal kind={known} back={back} /> : <Redirect to={back} replace />;
}

/** Pages of a visitor. */
function Outside() {
  const [search] = useSearchParams();
  const token = search.get('token');
  return (
    <Switch>
      <Route path="/join">{token ? <Invitation token={token} /> : <Welcome joining />}</Route>
      <Route path="/reset">
        <Reset />
      </Route>
      <Route path="/legal/:kind">{({ kind }) => <LegalAt kind={kind} back="/" />}</Route>
      <Route>
        <Welcome joining={false} />
      </Route>
    </Switch>
  );
}

/** Pages of who is signed in. */
function Inside() {
  const { capabilities, consentDue } = useMe();
  const [search] = useSearchParams();
  const token = search.get('token');
  const own = capabilities.includes('member.own');
  if (consentDue) {
    return (
      <Switch>
        <Route path="/legal/:kind">{({ kind }) => <LegalAt kind={kind} back="/" />}</Route>
        <Route>
          <ConsentDue />
        </Route>
      </Switch>
    );
  }
  return (
    <Switch>
      {token && (
        <Route path="/join">
          <Invitation token={token} />
        </Route>
      )}
      {own && (
        <Route path="/card">
          <CardPage />
        </Route>
      )}
      {own && (
        <Route path="/file">
          <Frame>
            <FilePage />
          </Frame>
        </Route>
      )}
      {own && (
        <Route path="/file/change">
          <ChangePage />
        </Route>
      )}
      {own && (
        <Route path="/file/requests">
          <RequestsPage />
        </Route>
      )}
      <Route path="/union">
        <Level path="/union">
          <UnionPage />
        </Level>
      </Route>
      <Route path="/authorize">
        <Authorize />
      </Route>
      <Route path="/sign-out">
        <SignOut />
      </Route>
      <Route path="/me/apps">
        <Level path="/me/apps">
          <Apps />
        </Level>
      </Route>
      <Route path="/me/devices">
        <Devices />
      </Route>
      <Route path="/me/security">
        <Security />
      </Route>
      <Route path="/me/password">
        <Password />
      </Route>
      <Route path="/me/records">
        <RecordsPage />
      </Route>
      <Route path="/me/data">
        <DataPage />
      </Route>
      <Route path="/legal/:kind">{({ kind }) => <LegalAt kind={kind} back="/me" />}</Route>
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
  );
}
