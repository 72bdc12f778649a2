import { page } from '../../page.tsx';
import type { Part } from '../part.ts';

export default {
  blocks: { meetings: page(() => import('./TodayBlock.tsx')) },
  pages: [
    { path: '/meetings', capability: 'meeting.join', level: 'second', Page: page(() => import('./MeetingsPage.tsx')) },
  ],
} satisfies Part as Part;
