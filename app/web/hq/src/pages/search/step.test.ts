import { expect, test } from 'vitest';
import { step } from './step.ts';

test.each([
  [-1, 1, 3, 0],
  [-1, -1, 3, 2],
  [0, 1, 3, 1],
  [2, 1, 3, 0],
  [0, -1, 3, 2],
  [-1, 1, 0, -1],
  [1, -1, 0, -1],
] as const)('from %i by %i among %i', (at, by, length, to) => {
  expect(step(at, by, length)).toBe(to);
});
