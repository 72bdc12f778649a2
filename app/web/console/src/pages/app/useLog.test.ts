import { expect, test } from 'vitest';
import type { Line } from './app.ts';
import { joined } from './useLog.ts';

const line = (number: number, zh: string) => ({ number, zh }) as Line;
const words = (lines: Line[]) => lines.map(({ zh }) => zh);

test('lines come one after the other; one that comes twice is there once', () => {
  const two = joined(joined([], line(1, 'a')), line(2, 'b'));
  expect(words(two)).toEqual(['a', 'b']);
  expect(words(joined(two, line(2, 'b')))).toEqual(['a', 'b']);
});

test('a build that begins anew drops what it said before', () => {
  expect(words(joined([line(1, 'a'), line(2, 'b'), line(3, 'c')], line(1, 'again')))).toEqual(['again']);
});
