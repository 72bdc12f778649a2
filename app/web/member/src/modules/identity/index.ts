import { page } from '../../page.tsx';
import type { Part } from '../part.ts';

export default {
  blocks: { apps: page(() => import('./AppsBlock.tsx')) },
  pages: [
    { path: '/authorize', capability: 'session', level: 'whole', Page: page(() => import('./Authorize.tsx')) },
    { path: '/sign-out', capability: 'session', level: 'whole', Page: page(() => import('./SignOut.tsx')) },
    { path: '/me/apps', capability: 'session', level: 'second', Page: page(() => import('./Apps.tsx')) },
  ],
} satisfies Part as Part;
