import { page, soon } from '../../page.tsx';
import type { Part } from '../part.ts';

export default {
  blocks: { union: soon(() => import('./UnionBlock.tsx')) },
  pages: [{ path: '/union', capability: 'session', level: 'second', Page: page(() => import('./UnionPage.tsx')) }],
} satisfies Part as Part;
