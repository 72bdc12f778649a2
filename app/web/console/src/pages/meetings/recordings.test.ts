import { expect, test } from 'vitest';
import { lasting, moving, type Recording } from './recordings.ts';

test.each([
  [0, '0:00'],
  [59, '0:59'],
  [61, '1:01'],
  [3600, '1:00:00'],
  [36_061, '10:01:01'],
])('%s seconds are %s', (seconds, want) => expect(lasting(seconds)).toBe(want));

test('what is being made is looked at again', () => {
  const one = (state: string) => ({ state }) as Recording;
  expect(moving([one('ready'), one('failed')])).toBe(false);
  expect(moving([one('ready'), one('composing')])).toBeGreaterThan(0);
});
