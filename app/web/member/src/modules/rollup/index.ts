import { page } from '../../page.tsx';
import type { Part } from '../part.ts';

export default { blocks: { figures: page(() => import('./FiguresBlock.tsx')) } } satisfies Part as Part;
