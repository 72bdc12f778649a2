import { page, soon } from '../../page.tsx';
import type { Part } from '../part.ts';

export default {
  blocks: { card: soon(() => import('./CardBlock.tsx')), file: page(() => import('./FileBlock.tsx')) },
  pages: [
    { path: '/card', capability: 'member.own', level: 'whole', Page: page(() => import('./CardPage.tsx')) },
    { path: '/file', capability: 'member.own', level: 'first', Page: page(() => import('./FilePage.tsx')) },
    { path: '/file/change', capability: 'member.own', level: 'second', Page: page(() => import('./ChangePage.tsx')) },
    {
      path: '/file/requests',
      capability: 'member.own',
      level: 'second',
      Page: page(() => import('./RequestsPage.tsx')),
    },
  ],
} satisfies Part as Part;
