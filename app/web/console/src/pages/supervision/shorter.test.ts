import { expect, test } from 'vitest';
import { shorter } from './shorter.ts';

test('never longer than what was asked for', () => {
  expect(shorter(480)).toEqual([480, 240, 120, 60]);
  expect(shorter(43200)).toEqual([43200, 20160, 10080, 4320]);
  expect(shorter(45)).toEqual([45, 30]);
  expect(shorter(10)).toEqual([10]);
});
