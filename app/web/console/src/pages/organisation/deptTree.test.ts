import { expect, test } from 'vitest';
import { below, deptTree } from './deptTree.ts';

const dept = (id: string, parentId = '') => ({ id, parentId, name: id, sort: 0, posts: 0 });
const list = [dept('a'), dept('b', 'a'), dept('c', 'b'), dept('d'), dept('e', 'gone')];

test('children stand under their parents, strays at the top', () => {
  const top = deptTree(list);
  expect(top.map((n) => n.id)).toEqual(['a', 'd', 'e']);
  expect(top[0]?.children[0]?.children[0]?.id).toBe('c');
});

test.each([
  ['a', ['a', 'b', 'c']],
  ['b', ['b', 'c']],
  ['d', ['d']],
])('below %s', (id, want) => {
  expect([...below(list, id)].sort()).toEqual(want);
});
