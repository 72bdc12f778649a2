import { NoPage, PageSkeleton, RequireSession } from '@gonghui/ui';
import type { RouteObject } from 'react-router';
import { Navigate } from 'react-router';
import { Frame } from './Frame.tsx';
import { PageFault } from './PageFault.tsx';
import { SignIn } from './SignIn.tsx';

/** Each page is a file of its own, fetched when it is first opened. */
export const routes: RouteObject[] = [
  {
    errorElement: <PageFault />,
    hydrateFallbackElement: <PageSkeleton />,
    children: [
      { path: '/sign-in', element: <SignIn /> },
      {
        path: '/invitation',
        lazy: async () => ({ Component: (await import('./pages/invitation/InvitationPage.tsx')).InvitationPage }),
      },
      {
        element: (
          <RequireSession>
            <Frame />
          </RequireSession>
        ),
        children: [
          {
            errorElement: <PageFault />,
            children: [
              { path: '/', lazy: async () => ({ Component: (await import('./pages/home/HomePage.tsx')).HomePage }) },
              { path: '/organisation', element: <Navigate to="/organisation/profile" replace /> },
              {
                path: '/organisation/:tab',
                lazy: async () => ({
                  Component: (await import('./pages/organisation/OrganisationPage.tsx')).OrganisationPage,
                }),
              },
              {
                path: '/officers/invitations',
                lazy: async () => ({
                  Component: (await import('./pages/officers/InvitationsPage.tsx')).InvitationsPage,
                }),
              },
              {
                path: '/officers/:id?',
                lazy: async () => ({ Component: (await import('./pages/officers/OfficersPage.tsx')).OfficersPage }),
              },
              {
                path: '/members/poster',
                lazy: async () => ({ Component: (await import('./pages/members/PosterPage.tsx')).PosterPage }),
              },
              {
                path: '/members/:id/file',
                lazy: async () => ({ Component: (await import('./pages/members/MemberPage.tsx')).MemberPage }),
              },
              {
                path: '/members/:id?',
                lazy: async () => ({ Component: (await import('./pages/members/MembersPage.tsx')).MembersPage }),
              },
              {
                path: '/imports',
                lazy: async () => ({ Component: (await import('./pages/imports/ImportsPage.tsx')).ImportsPage }),
              },
              {
                path: '/imports/new',
                lazy: async () => ({ Component: (await import('./pages/imports/UploadPage.tsx')).UploadPage }),
              },
              {
                path: '/imports/:id',
                lazy: async () => ({ Component: (await import('./pages/imports/ImportPage.tsx')).ImportPage }),
              },
              {
                path: '/duplicates',
                lazy: async () => ({
                  Component: (await import('./pages/duplicates/DuplicatesPage.tsx')).DuplicatesPage,
                }),
              },
              {
                path: '/requests/:id?',
                lazy: async () => ({ Component: (await import('./pages/requests/RequestsPage.tsx')).RequestsPage }),
              },
              {
                path: '/scan',
                lazy: async () => ({ Component: (await import('./pages/scan/ScanPage.tsx')).ScanPage }),
              },
              {
                path: '/settings/:tab?',
                lazy: async () => ({ Component: (await import('./pages/settings/SettingsPage.tsx')).SettingsPage }),
              },
              { path: '*', element: <NoPage /> },
            ],
          },
        ],
      },
    ],
  },
];
