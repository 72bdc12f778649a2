import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { repo, walk, web } from './files.ts';

type Tree = { [key: string]: string | Tree };

interface Wording {
  key: string;
  app: 'member' | 'console';
  zh: string;
  en: string;
  mostZh: number;
  mostEn: number;
}

const list = JSON.parse(readFileSync(join(repo, 'branding/wording.json'), 'utf8')) as Wording[];

const at = (tree: Tree, key: string) =>
  key
    .split('.')
    .reduce<string | Tree | undefined>((now, part) => (typeof now === 'object' ? now[part] : undefined), tree);

/** The messages of an app and of what the apps share, in one language, a table a file. */
async function tables(app: string, locale: string): Promise<Tree[]> {
  const files = ['ui', app].flatMap((top) =>
    walk(join(web, top), (path) => path.endsWith(`.${locale}.ts`) && path.includes('i18n')).map((path) =>
      join(web, top, path),
    ),
  );
  return Promise.all(
    files.map(
      async (file) => ((await import(/* @vite-ignore */ pathToFileURL(file).href)) as { default: Tree }).default,
    ),
  );
}

test.each(['member', 'console'] as const)(
  'what a body may word for itself stands in the tables of %s as it is told',
  async (app) => {
    const of = list.filter((one) => one.app === app);
    expect(of.length).toBeGreaterThan(10);
    for (const locale of ['zh', 'en'] as const) {
      const all = await tables(app, locale);
      for (const one of of) {
        const texts = all.map((table) => at(table, one.key)).filter((text) => typeof text === 'string');
        expect(texts, one.key).toContain(one[locale]);
        expect(one[locale].length, one.key).toBeLessThanOrEqual(locale === 'zh' ? one.mostZh : one.mostEn);
      }
    }
  },
);

test('no text stands there twice', () => {
  expect(new Set(list.map(({ key }) => key)).size).toBe(list.length);
});
