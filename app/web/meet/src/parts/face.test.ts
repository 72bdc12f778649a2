import { expect, test } from 'vitest';
import { initials, tone } from './Face.tsx';

test.each([
  ['陈荔生', '荔生'],
  ['李', '李'],
  ['欧阳 修', '阳修'],
  ['Ada Lovelace King', 'AL'],
  ['bob', 'B'],
  ['', ''],
])('%s is %s', (name, said) => {
  expect(initials(name)).toBe(said);
});

test('a colour is always the same one', () => {
  expect(tone('a-b')).toBe(tone('a-b'));
  expect(new Set(['a', 'b', 'c', 'd', 'e', 'f'].map(tone)).size).toBeGreaterThan(3);
});
