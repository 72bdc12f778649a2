import { EmptyState, NoPage, RequireSession, SignInPage, useCan, useMe, useT } from '@gonghui/ui';
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
      { path: '/audit/trail', lazy: async () => ({ Component: (await import('@gonghui/ui/audit')).TrailPage }) },
      { path: '/audit/:id?', lazy: async () => ({ Component: (await import('./pages/audit/HqAudit.tsx')).HqAudit }) },
      { path: '/records', lazy: async () => ({ Component: (await import('@gonghui/ui/audit')).OwnActsPage }) },
      {
        path: '/merges/:id?',
        lazy: async () => ({ Component: (await import('./pages/merges/MergesPage.tsx')).MergesPage }),
      },
      {
        path: '/domains',
        lazy: async () => ({ Component: (await import('./pages/domains/DomainsPage.tsx')).DomainsPage }),
      },
      {
        path: '/apps/rebuilds/:id?',
        lazy: async () => ({ Component: (await import('./pages/apps/RebuildsPage.tsx')).RebuildsPage }),
      },
      { path: '/apps/:id?', lazy: async () => ({ Component: (await import('./pages/apps/AppsPage.tsx')).AppsPage }) },
      {
        path: '/security',
        lazy: async () => ({ Component: (await import('@gonghui/ui/security')).SecurityPage }),
      },
      {
        path: '/supervision/:id/members',
        lazy: async () => ({ Component: (await import('./pages/oversee/DetailsPage.tsx')).DetailsPage }),
      },
      {
        path: '/supervision/:id?',
        lazy: async () => ({ Component: (await import('./pages/oversee/RequestsPage.tsx')).RequestsPage }),
      },
      {
        path: '/access/:tab?/:id?',
        lazy: async () => ({ Component: (await import('./pages/rights/RightsPage.tsx')).RightsPage }),
      },
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
  const can = useCan();
  if (!place.bodyCode) return <EmptyState title={t('hq.noPlace.title')} why={t('hq.noPlace.body')} />;
  // Who may not see figures, such as the three administrators, begins with what is theirs.
  if (!can('rollup.read') && can('identity.merge')) return <Navigate to="/merges" replace />;
  return <Navigate to={bodyAddress(place.bodyCode, { line: null, metric: null })} replace />;
}
