// SHA-256 (FIPS 180-4) of short texts, many a second: crypto.subtle answers too slowly for that, and not at all over http.

const K = new Uint32Array(64);
const H = new Uint32Array(8);

/** The fraction of a root as 32 bits: the constants of the standard. */
const fraction = (x: number) => ((x - Math.floor(x)) * 0x100000000) | 0;

for (let n = 2, found = 0; found < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
  if (!prime) continue;
  if (found < 8) H[found] = fraction(n ** (1 / 2));
  K[found++] = fraction(n ** (1 / 3));
}

const w = new Uint32Array(64);
const at = (list: Uint32Array, i: number) => list[i] as number;

function block(state: Uint32Array): void {
  for (let i = 16; i < 64; i++) {
    const x = at(w, i - 15);
    const y = at(w, i - 2);
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = at(w, i - 16) + s0 + at(w, i - 7) + s1;
  }
  let a = at(state, 0);
  let b = at(state, 1);
  let c = at(state, 2);
  let d = at(state, 3);
  let e = at(state, 4);
  let f = at(state, 5);
  let g = at(state, 6);
  let h = at(state, 7);
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s1 + ((e & f) ^ (~e & g)) + at(K, i) + at(w, i)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] = at(state, 0) + a;
  state[1] = at(state, 1) + b;
  state[2] = at(state, 2) + c;
  state[3] = at(state, 3) + d;
  state[4] = at(state, 4) + e;
  state[5] = at(state, 5) + f;
  state[6] = at(state, 6) + g;
  state[7] = at(state, 7) + h;
}

const state = new Uint32Array(8);

/** The hash of a text of ASCII characters, as eight words that the next call overwrites. */
export function sha256(text: string): Uint32Array {
  state.set(H);
  const blocks = ((text.length + 8) >> 6) + 1;
  for (let n = 0; n < blocks; n++) {
    for (let i = 0; i < 16; i++) {
      let word = 0;
      for (let j = 0; j < 4; j++) {
        const place = n * 64 + i * 4 + j;
        const byte = place < text.length ? text.charCodeAt(place) : place === text.length ? 0x80 : 0;
        word = (word << 8) | byte;
      }
      w[i] = word;
    }
    if (n === blocks - 1) {
      w[14] = 0;
      w[15] = text.length * 8;
    }
    block(state);
  }
  return state;
}
