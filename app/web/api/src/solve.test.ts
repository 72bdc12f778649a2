import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ApiError } from './error.ts';
import { solving } from './puzzle.ts';
import { sha256 } from './sha256.ts';
import { solve } from './solve.ts';

const hex = (words: Uint32Array) => [...words].map((w) => w.toString(16).padStart(8, '0')).join('');
const right = (text: string) => createHash('sha256').update(text).digest('hex');

test('the hash is that of the standard, whatever the length', () => {
  for (let length = 0; length < 200; length++) {
    const text = 'x1.'.repeat(70).slice(0, length);
    expect(hex(sha256(text))).toBe(right(text));
  }
});

test('a solution has enough zero bits in every part', async () => {
  const puzzle = 'n0nce.9.1795357298.seal';
  const [first, ...numbers] = (await solve(puzzle, 9, 8)).split(':');
  expect(first).toBe(puzzle);
  expect(numbers).toHaveLength(8);
  numbers.forEach((n, part) => {
    expect(Number.parseInt(right(`${puzzle}.${part}.${n}`).slice(0, 8), 16) >>> 23).toBe(0);
  });
});

test('a call is made once more with the solution, and only then', async () => {
  const refusal = (reason: string) =>
    new ApiError({ code: 403, reason, message: '', metadata: { puzzle: 'p.4.1.s', bits: '4', parts: '2' } });
  const calls: string[] = [];
  const worked: boolean[] = [];
  const answer = await solving(
    async (captcha) => {
      calls.push(captcha);
      if (!captcha) throw refusal('CAPTCHA_REQUIRED');
      return 'in';
    },
    (on) => worked.push(on),
  );
  expect(answer).toBe('in');
  expect(calls).toHaveLength(2);
  expect(calls[1]).toMatch(/^p\.4\.1\.s:\d+:\d+$/);
  expect(worked).toEqual([true, false]);
  await expect(solving(async () => Promise.reject(refusal('SIGN_IN_REFUSED')))).rejects.toThrow('SIGN_IN_REFUSED');
});
