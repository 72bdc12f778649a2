import { expect, test } from 'vitest';
import { lines } from './clients.ts';

test('addresses are read one a line, blanks left out', () => {
  expect(lines(' https://a.example/b \n\n\thttps://c.example\r\n')).toEqual([
    'https://a.example/b',
    'https://c.example',
  ]);
  expect(lines(' \n ')).toEqual([]);
});
