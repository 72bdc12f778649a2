import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');

test('the service worker answers for every page of the app, and for no other of the host', () => {
  const [, pattern = ''] = source('../sw.js').match(/const OWN = \/(.+)\/;/) ?? [];
  const own = new RegExp(pattern);
  const pages = [...source('App.tsx').matchAll(/<Route path="([^":]+)/g)].map(([, path = '']) => path);
  expect(pages.length).toBeGreaterThan(8);
  for (const page of pages) expect(page).toMatch(own);
  for (const other of ['/console/', '/v1/me', '/handoff', '/healthz', '/manifest.webmanifest', '/filed', '/meet']) {
    expect(other).not.toMatch(own);
  }
});
