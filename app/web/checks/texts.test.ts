import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { walk, web } from './files.ts';

const packages = ['api', 'ui', 'console', 'hq', 'member', 'meet'];
const sources = packages.flatMap((p) =>
  walk(join(web, p), (f) => /\.tsx?$/.test(f) && !f.endsWith('.d.ts')).map((f) => `${p}/${f}`),
);
const isText = (file: string) => /\/i18n\/[^/]+\.zh\.ts$/.test(file) || /^api\/src\/(reasons|words)\.ts$/.test(file);
const zhFiles = sources.filter((f) => /\/i18n\/[^/]+\.zh\.ts$/.test(f));

type Tree = { [key: string]: string | Tree };

/** The keys of a message file, plural forms folded into one: Chinese has a single form. */
function keys(tree: Tree, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`.replace(/_(one|other)$/, '')] : keys(value, `${prefix}${key}.`),
  );
}

function values(tree: Tree): string[] {
  return Object.values(tree).flatMap((v) => (typeof v === 'string' ? [v] : values(v)));
}

const load = async (file: string): Promise<Tree> =>
  ((await import(/* @vite-ignore */ pathToFileURL(join(web, file)).href)) as { default: Tree }).default;

describe.each(zhFiles)('%s', (file) => {
  test('has the same keys in English, and no Chinese there', async () => {
    const [zh, en] = await Promise.all([load(file), load(file.replace('.zh.ts', '.en.ts'))]);
    expect([...new Set(keys(en))].sort()).toEqual([...new Set(keys(zh))].sort());
    for (const value of [...values(zh), ...values(en)]) expect(value).not.toBe('');
    for (const value of values(en)) expect(value).not.toMatch(/\p{Script=Han}/u);
  });
});

test('every key that a component asks for exists', async () => {
  const trees = await Promise.all(zhFiles.map(load));
  const known = new Set(trees.flatMap((tree) => keys(tree)));
  const missing: string[] = [];
  for (const file of sources.filter((f) => !f.includes('/i18n/') && !f.includes('.test.'))) {
    const code = readFileSync(join(web, file), 'utf8');
    for (const [, key = ''] of code.matchAll(/\bt\(\s*'([^']+)'/g))
      if (!known.has(key)) missing.push(`${file}: ${key}`);
    // t(`role.${role}`): at least the part before the variable must exist.
    for (const [, head = ''] of code.matchAll(/\bt\(\s*`([^`$]+)\$\{/g)) {
      if (![...known].some((key) => key.startsWith(head))) missing.push(`${file}: ${head}…`);
    }
  }
  expect(missing).toEqual([]);
});

test('no Han character stands outside the text files', () => {
  const found = sources
    .filter((f) => !isText(f) && !/\.test\.tsx?$/.test(f))
    .filter((f) => /\p{Script=Han}/u.test(readFileSync(join(web, f), 'utf8')));
  expect(found).toEqual([]);
});
