import { expect, test } from 'vitest';
import { parts } from './change.ts';

test.each([
  ['', []],
  ['parent 440000', [{ word: 'parent' }, { code: '440000' }]],
  ['industrial parent i0144', [{ word: 'industrial' }, { word: 'parent' }, { code: 'i0144' }]],
  ['registered', [{ word: 'registered' }]],
  ['广州市总工会', [{ word: '广州市总工会' }]],
  // Too long for a code.
  ['1234567890123456789012345', [{ word: '1234567890123456789012345' }]],
])('%s', (text, expected) => {
  expect(parts(text)).toEqual(expected);
});
