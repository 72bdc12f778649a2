import { expect, test } from 'vitest';
import { follow } from './usePull.ts';

test('the page follows a pull less and less, and never upward', () => {
  expect(follow(-10)).toBe(0);
  expect(follow(0)).toBe(0);
  expect(follow(60)).toBeLessThan(60);
  expect(follow(400)).toBeGreaterThan(64);
  expect(follow(4000)).toBeLessThanOrEqual(96);
});
