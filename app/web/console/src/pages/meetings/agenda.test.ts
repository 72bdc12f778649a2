import { expect, test } from 'vitest';
import { asItems, paperPath } from './agenda.ts';

const invitees = [
  { identityId: 'a', role: 'speaker', name: '王五', home: '' },
  { identityId: 'b', role: 'speaker', name: '李四', home: '' },
  { identityId: 'c', role: 'speaker', name: '李四', home: '' },
];

test('a presenter is an invitee where the name says which one', () => {
  const items = asItems(
    [
      { id: '1', title: ' 工作报告 ', minutes: null, presenter: '王五 ' },
      { title: '讨论', presenter: '李四' },
      { title: '其他' },
    ],
    invitees,
  );
  expect(items.map(({ presenter, presenterId }) => [presenter, presenterId])).toEqual([
    ['王五', 'a'],
    ['李四', ''],
    ['', ''],
  ]);
  expect(items[0]).toMatchObject({ id: '1', title: '工作报告', minutes: 0, note: '' });
});

test('where a paper goes says for whom it is, and no more', () => {
  const values = { name: '报告 1.pdf', itemId: '', access: 'all', readers: ['a', 'b'], download: false };
  expect(paperPath('m', values)).toBe(
    '/v1/meetings:paper?meeting=m&name=%E6%8A%A5%E5%91%8A+1.pdf&access=all&download=0',
  );
  expect(paperPath('m', { ...values, access: 'named', itemId: 'i', download: true })).toMatch(
    /download=1&item=i&readers=a%2Cb$/,
  );
});
