// What a phone has to fetch before it shows something: JavaScript and CSS, gzipped. Fails above the limit.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Bytes, gzipped; the product's own limit is 120 kB, and the rest is room for what is still to come. */
const LIMIT = 108_000;

const dist = new URL('../dist/member/', import.meta.url);
const first = JSON.parse(readFileSync(new URL('.vite/first.json', dist), 'utf8'));

const weigh = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

for (const [who, files] of Object.entries(first)) {
  const size = files.reduce((sum, file) => sum + weigh(file), 0);
  const met = size <= LIMIT;
  const told = `${(size / 1000).toFixed(1)} kB of ${LIMIT / 1000} kB, ${files.length} files`;
  console.log(`first page of a ${who}: ${told}${met ? '' : ': TOO LARGE'}`);
  if (!met) process.exitCode = 1;
}
