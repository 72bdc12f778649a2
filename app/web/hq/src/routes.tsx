import { EmptyState, NoPage, RequireSession, SignInPage, useMe, useT } from '@gonghui/ui';
import { Navigate, type RouteObject } from 'react-router';
import { Frame } from './Frame.tsx';
import { BodyPage } from './pages/body/BodyPage.tsx';
import { bodyAddress } from './pages/body/useView.ts';

export const routes: RouteObject[] = [
  { path: '/sign-in', element: <SignIn /> },
  {
    element: (
      <RequireSession>
        <Frame />
      </RequireSession>
    ),
    children: [
      { index: true, element: <OwnBody /> },
      { path: '/b/:code', element: <BodyPage /> },
      { path: '*', element: <NoPage /> },
    ],
  },
];

function SignIn() {
  const t = useT();
  return <SignInPage title={t('hq.title')} />;
}

/** The address without a body leads to the one where the caller's right begins. */
function OwnBody() {
  const t = useT();
  const { place } = useMe();
  if (!place.bodyCode) return <EmptyState title={t('hq.noPlace.title')} why={t('hq.noPlace.body')} />;
  return <Navigate to={bodyAddress(place.bodyCode, { line: null, metric: null })} replace />;
}
