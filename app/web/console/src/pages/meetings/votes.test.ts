import { expect, test } from 'vitest';
import { cell, csv, resultRows, type Vote, verdictOf, voterRows } from './votes.ts';

const t = (key: string) => key.split('.').at(-1) ?? '';
const vote = {
  question: '选主席',
  kind: 'secret',
  options: ['甲', '乙'],
  result: { votes: [3], quorate: true, passed: true, won: [1], tied: [] },
} as unknown as Vote;

test('a line an option, and what looks like a formula is text', () => {
  expect(resultRows([vote], t)).toEqual([
    ['vote', 'kind', 'option', 'votes'],
    ['选主席', 'secret', '甲', '3'],
    ['选主席', 'secret', '乙', '0'],
  ]);
  expect(cell('=1+1')).toBe('"\'=1+1"');
  expect(cell('他说"好"')).toBe('"他说""好"""');
  expect(csv([['a', 'b']])).toBe('\ufeff"a","b"\r\n');
});

test('who, when and what', () => {
  const voters = [{ participant: 'p', name: '李四', body: '越秀', at: '2026-11-23T04:00:00Z', choice: [2] }];
  expect(voterRows(vote, voters, t)[1]).toEqual(['李四', '越秀', '2026-11-23 12:00', '乙']);
});

test.each([
  ['void', null, 'void'],
  ['closed', null, 'open'],
  ['done', { quorate: false, passed: false }, 'noQuorum'],
  ['done', { quorate: true, passed: false }, 'notPassed'],
  ['done', { quorate: true, passed: true }, 'passed'],
])('%s with %j is %s', (state, result, word) => {
  expect(verdictOf({ state, result })).toBe(word);
});
