import { page } from '../../page.tsx';
import type { Part } from '../part.ts';

export default {
  above: { capability: 'meeting.join', Above: page(() => import('./Reminders.tsx')) },
  blocks: { meetings: page(() => import('./TodayBlock.tsx')) },
  pages: [
    { path: '/meetings', capability: 'meeting.join', level: 'second', Page: page(() => import('./MeetingsPage.tsx')) },
    {
      path: '/meetings/films',
      capability: 'meeting.join',
      level: 'second',
      Page: page(() => import('./FilmsPage.tsx')),
    },
    {
      path: '/meetings/enter/:number',
      capability: 'session',
      level: 'whole',
      Page: page(() => import('./EnterPage.tsx')),
    },
  ],
} satisfies Part as Part;
