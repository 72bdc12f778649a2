import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pages } from '../pages.ts';

const repo = join(import.meta.dirname, '../../../..');

test('the service worker answers for every page of the app, and for no other of the host', () => {
  const own = pages();
  for (const page of ['', 'card', 'file', 'union', 'me', 'authorize', 'join', 'reset', 'sign-out', 'legal'])
    expect(own).toContain(page);
  for (const other of ['console', 'v1', 'handoff', 'healthz', 'manifest.webmanifest', 'filed', 'meet', ':kind'])
    expect(own).not.toContain(other);
});

/** What the modules of the product declare in Go: keys and paths of their columns and tabs in this app. */
function declared(list: string): { key: string; path: string; name: string }[] {
  const found: { key: string; path: string; name: string }[] = [];
  for (const top of ['app', 'tenant', 'branding', 'builder', 'media']) {
    for (const file of readdirSync(join(repo, top), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.go') || file.endsWith('_test.go') || file.includes('node_modules')) continue;
      const source = readFileSync(join(repo, top, file), 'utf8');
      for (const [, rows = ''] of source.matchAll(
        new RegExp(`${list}: \\[\\]module\\.\\w+\\{([\\s\\S]*?)\\n\\t+\\},`, 'g'),
      )) {
        for (const [row] of rows.matchAll(/\{Key:.*/g)) {
          if (list === 'Columns' && !row.includes('Place: "portal"')) continue;
          const field = (name: string) => new RegExp(`${name}: "([^"]*)"`).exec(row)?.[1] ?? '';
          found.push({ key: field('Key'), path: field('Path'), name: `${top}/${file}` });
        }
      }
    }
  }
  return found;
}

const parts = readdirSync(join(import.meta.dirname, 'modules'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => readFileSync(join(import.meta.dirname, 'modules', name, 'index.ts'), 'utf8'))
  .join();

test('every column that a module puts on the first page is drawn, or leads to its page', () => {
  const columns = declared('Columns');
  expect(columns.map(({ key }) => key).sort()).toEqual(
    expect.arrayContaining(['apps', 'card', 'figures', 'file', 'union']),
  );
  for (const { key, path, name } of columns)
    expect(path !== '' || parts.includes(`${key}: `), `${key} of ${name}`).toBe(true);
});

test('every tab that a module offers leads to a page of the app', () => {
  const tabs = declared('Tabs');
  expect(tabs.length).toBeGreaterThan(3);
  for (const { path, name } of tabs) expect(pages(), `${path} of ${name}`).toContain(path.split('/')[1]);
});
