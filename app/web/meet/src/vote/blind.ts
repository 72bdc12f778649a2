/**
 * The page's side of RSA blind signatures, RSABSSA-SHA384-PSS-Deterministic of RFC 9474: what is signed is not seen by who signs it. Tested
 * against the vectors of the RFC and of media/meeting/ballot.
 */

/** Bytes, as WebCrypto takes them. */
export type Bytes = Uint8Array<ArrayBuffer>;

const EXPONENT = 65537n;
const HASH = 'SHA-384';
/** Bytes of SHA-384, and of the salt. */
const SIZE = 48;

/** What is kept between the question and the answer. */
export interface Blinded {
  /** What is sent to be signed. */
  message: Bytes;
  /** The inverse of the blinding factor. */
  inverse: Bytes;
}

export function random(size: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(size));
}

const digest = async (data: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest(HASH, data));

export function join(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function toNumber(bytes: Bytes): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

export function toBytes(number: bigint, size: number): Bytes {
  const hex = number.toString(16).padStart(size * 2, '0');
  return Uint8Array.from({ length: size }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** base^exponent mod modulus. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** The inverse mod modulus; null when there is none. */
export function inverse(number: bigint, modulus: bigint): bigint | null {
  let [a, b, x, y] = [number % modulus, modulus, 1n, 0n];
  while (b > 0n) {
    const times = a / b;
    [a, b, x, y] = [b, a - times * b, y, x - times * y];
  }
  return a === 1n ? ((x % modulus) + modulus) % modulus : null;
}

async function mask(seed: Bytes, size: number): Promise<Bytes> {
  const parts: Bytes[] = [];
  for (let count = 0; count * SIZE < size; count++) parts.push(await digest(join(seed, toBytes(BigInt(count), 4))));
  return join(...parts).slice(0, size);
}

/** EMSA-PSS (RFC 8017, 9.1.1) for a modulus whose highest bit is set. */
async function encode(message: Bytes, salt: Bytes, size: number): Promise<Bytes> {
  const hash = await digest(join(new Uint8Array(8), await digest(message), salt));
  const data = new Uint8Array(size - SIZE - 1);
  data[data.length - SIZE - 1] = 1;
  data.set(salt, data.length - SIZE);
  const over = await mask(hash, data.length);
  const masked = data.map((byte, i) => byte ^ (over[i] ?? 0));
  masked[0] = (masked[0] ?? 0) & 0x7f;
  return join(masked, hash, Uint8Array.of(0xbc));
}

/** A number below the modulus that has an inverse. */
function factor(modulus: bigint, size: number): { factor: bigint; inverse: bigint } {
  for (;;) {
    const number = toNumber(random(size));
    const inverted = number > 0n && number < modulus ? inverse(number, modulus) : null;
    if (inverted !== null) return { factor: number, inverse: inverted };
  }
}

/** blind hides a token from who signs it. Salt and factor are random; they are given in tests. */
export async function blind(
  token: Bytes,
  modulus: Bytes,
  salt = random(SIZE),
  by?: { factor: bigint; inverse: bigint },
): Promise<Blinded> {
  const n = toNumber(modulus);
  const r = by ?? factor(n, modulus.length);
  const encoded = toNumber(await encode(token, salt, modulus.length));
  return {
    message: toBytes((encoded * power(r.factor, EXPONENT, n)) % n, modulus.length),
    inverse: toBytes(r.inverse, modulus.length),
  };
}

/** finish makes the signature of the token out of that of what was blinded; null when it is none. */
export async function finish(token: Bytes, inverted: Bytes, signed: Bytes, modulus: Bytes): Promise<Bytes | null> {
  const n = toNumber(modulus);
  const signature = toBytes((toNumber(signed) * toNumber(inverted)) % n, modulus.length);
  const key = await crypto.subtle.importKey(
    'jwk',
    { kty: 'RSA', n: base64(modulus, true), e: 'AQAB', alg: 'PS384' },
    { name: 'RSA-PSS', hash: HASH },
    false,
    ['verify'],
  );
  const right = await crypto.subtle.verify({ name: 'RSA-PSS', saltLength: SIZE }, key, signature, token);
  return right ? signature : null;
}

export function base64(bytes: Bytes, url = false): string {
  const text = btoa(String.fromCharCode(...bytes));
  return url ? text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') : text;
}

export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** receipt is by which who cast a token finds that it was counted: 24 letters and digits of its digest. */
export async function receipt(token: Bytes): Promise<string> {
  const purpose = new TextEncoder().encode('gonghui ballot receipt\0');
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', join(purpose, token))).slice(0, 15);
  const bits = [...sum].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => letters[Number.parseInt(five, 2)]).join('');
}
