import { expect, test } from 'vitest';
import { entering, open, stage, working } from './stages.ts';

const counts = { rows: '10000', admitted: '9000', known: '863', faulty: '137', faults: [] };

test.each([
  ['skip', { added: 9000, changed: 0, sum: 9000 }],
  ['update', { added: 9000, changed: 863, sum: 9863 }],
])('policy %s decides what is entered', (policy, want) => expect(entering({ counts, policy })).toEqual(want));

test.each([
  ['reading', 0, true, true],
  ['mapping', 1, false, true],
  ['checking', 2, true, true],
  ['ready', 2, false, true],
  ['committing', 3, true, false],
  ['done', 3, false, false],
  ['cancelled', 3, false, false],
  ['failed', 3, false, false],
])('%s', (state, step, busy, stoppable) =>
  expect([stage(state), working(state), open(state)]).toEqual([step, busy, stoppable]),
);
