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
                path: '/supervision/rules',
                lazy: async () => ({ Component: (await import('./pages/supervision/RulesPage.tsx')).RulesPage }),
              },
              {
                path: '/supervision/accesses',
                lazy: async () => ({ Component: (await import('./pages/supervision/AccessesPage.tsx')).AccessesPage }),
              },
              {
                path: '/supervision/:id?',
                lazy: async () => ({
                  Component: (await import('./pages/supervision/SupervisionPage.tsx')).SupervisionPage,
                }),
              },
              {
                path: '/meetings/enter/:number',
                lazy: async () => ({ Component: (await import('./pages/meetings/EnterPage.tsx')).EnterPage }),
              },
              {
                path: '/meetings/calendar',
                lazy: async () => ({ Component: (await import('./pages/meetings/CalendarPage.tsx')).CalendarPage }),
              },
              {
                path: '/meetings/rooms',
                lazy: async () => ({ Component: (await import('./pages/meetings/RoomsPage.tsx')).RoomsPage }),
              },
              {
                path: '/meetings/rooms/day',
                lazy: async () => ({ Component: (await import('./pages/meetings/RoomDayPage.tsx')).RoomDayPage }),
              },
              {
                path: '/meetings/:id/votes',
                lazy: async () => ({ Component: (await import('./pages/meetings/VotesPage.tsx')).VotesPage }),
              },
              {
                path: '/meetings/recordings',
                lazy: async () => ({ Component: (await import('./pages/meetings/RecordingsPage.tsx')).RecordingsPage }),
              },
              {
                path: '/meetings/:id?',
                lazy: async () => ({ Component: (await import('./pages/meetings/MeetingsPage.tsx')).MeetingsPage }),
              },
              {
                path: '/scan',
                lazy: async () => ({ Component: (await import('./pages/scan/ScanPage.tsx')).ScanPage }),
              },
              {
                path: '/audit/trail',
                lazy: async () => ({ Component: (await import('@gonghui/ui/audit')).TrailPage }),
              },
              {
                path: '/audit/:id?',
                lazy: async () => ({ Component: (await import('./pages/audit/ConsoleAudit.tsx')).ConsoleAudit }),
              },
              { path: '/records', lazy: async () => ({ Component: (await import('@gonghui/ui/audit')).OwnActsPage }) },
              {
                path: '/accounts/:id?',
                lazy: async () => ({ Component: (await import('./pages/accounts/AccountsPage.tsx')).AccountsPage }),
              },
              {
                path: '/clients/:id?',
                lazy: async () => ({ Component: (await import('./pages/clients/ClientsPage.tsx')).ClientsPage }),
              },
              {
                path: '/settings/:tab?',
                lazy: async () => ({ Component: (await import('./pages/settings/SettingsPage.tsx')).SettingsPage }),
              },
              {
                path: '/branding',
                lazy: async () => ({ Component: (await import('./pages/branding/BrandingPage.tsx')).BrandingPage }),
              },
              {
                path: '/app/start',
                lazy: async () => ({ Component: (await import('./pages/app/StartPage.tsx')).StartPage }),
              },
              {
                path: '/app/builds/:id?',
                lazy: async () => ({ Component: (await import('./pages/app/BuildsPage.tsx')).BuildsPage }),
              },
              {
                path: '/app/filing',
                lazy: async () => ({ Component: (await import('./pages/app/FilingPage.tsx')).FilingPage }),
              },
              {
                path: '/app/poster',
                lazy: async () => ({ Component: (await import('./pages/app/PosterPage.tsx')).PosterPage }),
              },
              {
                path: '/app/:id?',
                lazy: async () => ({ Component: (await import('./pages/app/AppPage.tsx')).AppPage }),
              },
              {
                path: '/menus/:place?',
                lazy: async () => ({ Component: (await import('./pages/menus/MenusPage.tsx')).MenusPage }),
              },
              {
                path: '/access/grants/new',
                lazy: async () => ({ Component: (await import('./pages/access/GrantPage.tsx')).GrantPage }),
              },
              {
                path: '/access/:tab?/:id?',
                lazy: async () => ({ Component: (await import('./pages/access/AccessPage.tsx')).AccessPage }),
              },
              { path: '*', element: <NoPage /> },
            ],
          },
        ],
      },
    ],
  },
];
