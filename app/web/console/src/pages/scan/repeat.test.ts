import { expect, test } from 'vitest';
import { fresh } from './repeat.ts';

test.each([
  ['the first code', null, { code: 'a', at: 0 }, true],
  ['the same one, held still', { code: 'a', at: 1000 }, { code: 'a', at: 1200 }, false],
  ['the same one at the end of the pause', { code: 'a', at: 1000 }, { code: 'a', at: 5000 }, false],
  ['the same one, shown again later', { code: 'a', at: 1000 }, { code: 'a', at: 5001 }, true],
  ['another card at once', { code: 'a', at: 1000 }, { code: 'b', at: 1001 }, true],
  [
    'a valid card with its next code',
    { code: 'G.b.m.7.1.x', at: 0, valid: true },
    { code: 'G.b.m.7.2.y', at: 99 },
    false,
  ],
  ['an expired card, refreshed', { code: 'G.b.m.7.1.x', at: 0 }, { code: 'G.b.m.7.2.y', at: 99 }, true],
  ['another valid card', { code: 'G.b.m.7.1.x', at: 0, valid: true }, { code: 'G.b.n.7.1.x', at: 99 }, true],
])('%s', (_, last, now, want) => expect(fresh(last, now)).toBe(want));
