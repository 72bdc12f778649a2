// What a phone has to fetch before it shows something: JavaScript and CSS, gzipped. Fails above the limit.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Bytes, gzipped. */
const LIMIT = 120_000;

const dist = new URL('../dist/member/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

const loads = {
  'first page of a visitor': ['index.html'],
  'first page of a member': ['index.html', 'src/pages/Home.tsx'],
};

/** A chunk and all that it imports without waiting. */
function files(key, found = new Set()) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`${fileURLToPath(dist)} has no ${key}: build first`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const css of chunk.css ?? []) found.add(css);
  for (const next of chunk.imports ?? []) files(next, found);
  return found;
}

const weigh = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

for (const [name, keys] of Object.entries(loads)) {
  const found = new Set();
  for (const key of keys) files(key, found);
  const size = [...found].reduce((sum, file) => sum + weigh(file), 0);
  const met = size <= LIMIT;
  console.log(
    `${name}: ${(size / 1000).toFixed(1)} kB of ${LIMIT / 1000} kB, ${found.size} files${met ? '' : ': TOO LARGE'}`,
  );
  if (!met) process.exitCode = 1;
}
