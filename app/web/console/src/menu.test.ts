import type { Schemas } from '@gonghui/api';
import { expect, test } from 'vitest';
import { entries } from './menu.tsx';

const entry = (key: string, more: Partial<Schemas['MenuEntry']> = {}): Schemas['MenuEntry'] =>
  ({ key, path: `/${key}`, icon: '', titleZh: key, titleEn: key, kind: 'page', url: '', group: '', ...more }) as never;

test('entries stand below their group, in order, and links lead out', () => {
  const menu = [
    entry('site', { kind: 'link', url: 'https://example.org/', group: 'g' }),
    entry('b', { titleEn: 'Bee' }),
    entry('g', { kind: 'group' }),
    entry('a', { group: 'g' }),
  ];
  const drawn = entries(menu, 'en', { a: 3 });
  expect(drawn.map((e) => e.title)).toEqual(['Bee', 'g']);
  expect(drawn[1]?.entries?.map((e) => [e.key, e.href, e.waiting])).toEqual([
    ['site', 'https://example.org/', undefined],
    ['a', undefined, 3],
  ]);
  expect(entries([entry('b', { titleZh: 'x' })], 'zh')[0]?.title).toBe('x');
});
