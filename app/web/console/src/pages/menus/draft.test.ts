import { expect, test } from 'vitest';
import {
  change,
  fromFile,
  grouped,
  isOwn,
  type MenuItem,
  own,
  place,
  remove,
  same,
  seen,
  sent,
  step,
  toFile,
} from './draft.ts';

const item = (key: string, more: Partial<MenuItem> = {}): MenuItem => ({
  ...own('link', () => 'x'),
  key,
  kind: 'page',
  titleZh: key,
  titleEn: key,
  inheritedTitleZh: key,
  ...more,
});
const group = (key: string) => item(key, { kind: 'group', inheritedTitleZh: '' });
const keys = (items: MenuItem[]) => items.map((i) => i.key).join(' ');

const base = [item('a'), group('g'), item('x', { group: 'g' }), item('y', { group: 'g' }), item('b'), item('c')];

test.each<[string, MenuItem[], string]>([
  ['one down', step(base, 'b', 1), 'a g x y c b'],
  ['over a group', step(base, 'a', 1), 'g x y a b c'],
  ['back over a group', step(base, 'b', -1), 'a b g x y c'],
  ['a group goes with what is in it', step(base, 'g', 1), 'a b g x y c'],
  ['inside a group', step(base, 'x', 1), 'a g y x b c'],
  ['not out of a group', step(base, 'y', 1), 'a g x y b c'],
  ['not over the end', step(base, 'c', 1), 'a g x y b c'],
  ['dropped far away', place(base, 'c', 'a'), 'c a g x y b'],
  ['dropped into a group by accident', place(base, 'c', 'x'), 'a g x y b c'],
  ['put into a group', change(base, 'c', { group: 'g' }), 'a g x y c b'],
  ['put to the top', change(base, 'x', { group: '' }), 'a g y x b c'],
  ['a group taken away', remove(base, 'g'), 'a x y b c'],
])('%s', (_, got, want) => expect(keys(got)).toBe(want));

test('what is in a group stands behind it, wherever it came from', () => {
  expect(keys(grouped([item('x', { group: 'g' }), item('a'), group('g'), item('lost', { group: 'none' })]))).toBe(
    'a g x lost',
  );
});

test('what is hidden, not held, or in a hidden group is not seen, nor is an empty group', () => {
  const items = [
    item('a', { hidden: true }),
    item('b', { held: false }),
    { ...group('g'), hidden: true },
    item('x', { group: 'g' }),
    group('empty'),
    item('c'),
  ];
  expect(keys(seen(items))).toBe('c');
});

test('a new one has a key that the server takes', () => {
  expect(own('link', () => 'A-1b2c3d4e5f6').key).toMatch(/^own\.[a-z0-9]{4,16}$/);
  expect(isOwn(own('group', () => 'abcdefgh'))).toBe(true);
  expect(isOwn(item('a'))).toBe(false);
});

test('an arrangement survives the way through a file', () => {
  const mine = [...base, { ...own('link', () => 'abcdefgh'), titleZh: 'z', url: 'https://example.org/' }];
  const back = fromFile(toFile('console', mine), 'console', mine);
  expect(back?.map(sent)).toEqual(grouped(mine).map(sent));
  expect(same(back ?? [], grouped(mine))).toBe(true);
});

test.each([
  ['no file at all', 'hello'],
  ['another place', toFile('home', base)],
  ['something else', '{"items":[]}'],
  ['null', 'null'],
])('%s is refused', (_, text) => expect(fromFile(text, 'console', base)).toBeNull());

test('a file cannot touch what is held fast, show what does not exist, or hide what is fixed', () => {
  const now = [item('home', { fixed: true }), item('a', { lockedByCode: 'n' })];
  const file = toFile('console', [
    item('zzz'),
    item('a', { titleZh: 'changed' }),
    item('home', { hidden: true, group: 'own.gone1' }),
  ]);
  const got = fromFile(file, 'console', now);
  expect(keys(got ?? [])).toBe('a home');
  expect(got?.[0]?.titleZh).toBe('a');
  expect(got?.[1]).toMatchObject({ hidden: false, group: '' });
});
