import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type Bytes,
  base64,
  blind,
  finish,
  fromBase64,
  inverse,
  power,
  random,
  receipt,
  toBytes,
  toNumber,
} from './blind.ts';

const read = (path: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<string, string>;
const bytes = (hex = ''): Bytes => {
  const digits = hex.replace(/^0x/, '');
  return toBytes(BigInt(`0x${digits}`), digits.length / 2);
};
const hex = (data: Bytes | null) => [...(data ?? [])].map((byte) => byte.toString(16).padStart(2, '0')).join('');

test('the vector of RFC 9474', async () => {
  const v = read('./rfc9474.json');
  const modulus = bytes(v.n);
  const n = toNumber(modulus);
  const token = bytes(v.msg);
  const inverted = toNumber(bytes(v.inv));
  const factor = inverse(inverted, n) ?? 0n;
  const made = await blind(token, modulus, bytes(v.salt), { factor, inverse: inverted });
  expect(hex(made.message)).toBe(hex(bytes(v.blinded_msg)));
  expect(hex(await finish(token, made.inverse, bytes(v.blind_sig), modulus))).toBe(hex(bytes(v.sig)));
});

test('what the server is tested with', async () => {
  const v = read('../../../../../media/meeting/ballot/testdata/page.json');
  const modulus = bytes(v.modulus);
  const factor = toNumber(bytes(v.factor));
  const token = bytes(v.token);
  const made = await blind(token, modulus, bytes(v.salt), {
    factor,
    inverse: inverse(factor, toNumber(modulus)) ?? 0n,
  });
  expect(hex(made.message)).toBe(v.blinded);
  expect(hex(await finish(token, made.inverse, bytes(v.blindSignature), modulus))).toBe(v.signature);
  expect(await receipt(token)).toBe(v.receipt);
});

test('with its own randomness it is never the same, and a wrong answer is no signature', async () => {
  const v = read('../../../../../media/meeting/ballot/testdata/page.json');
  const modulus = bytes(v.modulus);
  const token = random(32);
  const [one, two] = [await blind(token, modulus), await blind(token, modulus)];
  expect(hex(one.message)).not.toBe(hex(two.message));
  expect(await finish(token, one.inverse, bytes(v.blindSignature), modulus)).toBeNull();
});

test('numbers', () => {
  expect(power(3n, 200n, 1009n)).toBe(3n ** 200n % 1009n);
  expect(inverse(6n, 9n)).toBeNull();
  expect((7n * (inverse(7n, 1009n) ?? 0n)) % 1009n).toBe(1n);
  const data = random(33);
  expect(toBytes(toNumber(data), 33)).toEqual(data);
  expect(fromBase64(base64(data))).toEqual(data);
});
