import { describe, expect, test } from 'vitest';
import { clockOffset, codeMaker, stepAt } from './code.ts';

// The bytes 0 to 31 as key; the MACs come from Python's hmac module.
const secret = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const head = '1.440103.0123456789abcdef';

test('a code is the head, the step and the first 12 bytes of the MAC', async () => {
  const make = await codeMaker(head, secret);
  expect(await make(58_000_000)).toBe(`${head}.58000000.Rs28n4NFKcZcZjLd`);
  // With - and _ in the place of + and /.
  expect(await make(58_000_001)).toBe(`${head}.58000001.8ayBPtXOJ-hUr9Ng`);
});

describe('stepAt', () => {
  test.each([
    [0, 0, 30],
    [29.2, 0, 1],
    [30, 1, 30],
    [31.5, 1, 29],
    [59.999, 1, 1],
    [1_740_000_000, 58_000_000, 30],
  ])('%s s', (seconds, step, left) => expect(stepAt(seconds)).toEqual({ step, left }));
});

test('the offset turns a wrong clock into the server’s, to half a second', () => {
  const server = 1_740_000_000;
  for (const here of [server * 1000, (server - 3600) * 1000, (server + 86_400) * 1000]) {
    expect(here + clockOffset(String(server), here)).toBe(server * 1000 + 500);
  }
});
