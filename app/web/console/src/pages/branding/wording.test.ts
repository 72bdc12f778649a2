import { expect, test } from 'vitest';
import { overLong, replaceAll, setWord } from './wording.ts';

const texts = [
  { key: 'card', app: 'member', zh: '会员证', en: 'Member card', mostZh: 6, mostEn: 14 },
  { key: 'union', app: 'member', zh: '我的工会', en: 'My union', mostZh: 6, mostEn: 14 },
];

test('a word is set, changed and taken back', () => {
  const one = setWord([], 'card', { zh: '职工证' });
  expect(one).toEqual([{ key: 'card', zh: '职工证', en: '' }]);
  expect(setWord(one, 'card', { en: 'Staff card' })).toEqual([{ key: 'card', zh: '职工证', en: 'Staff card' }]);
  expect(setWord(one, 'card', { zh: '' })).toEqual([]);
});

test('a term is replaced wherever it stands, also in what was worded before', () => {
  const words = replaceAll(texts, [], '会员', '职工');
  expect(words).toEqual([{ key: 'card', zh: '职工证', en: '' }]);
  expect(replaceAll(texts, words, '职工', '员工')).toEqual([{ key: 'card', zh: '员工证', en: '' }]);
  expect(replaceAll(texts, [], 'member', 'Staff')).toEqual([{ key: 'card', zh: '', en: 'Staff card' }]);
  // What looks like a pattern is none, on either side.
  expect(replaceAll(texts, [], '.', 'x')).toEqual([]);
  expect(replaceAll(texts, [], '会员', '$&')).toEqual([{ key: 'card', zh: '$&证', en: '' }]);
});

test('what is longer than there is room for is told', () => {
  expect(overLong(texts, [{ key: 'card', zh: '职工服务电子证', en: 'Staff' }])).toEqual(['职工服务电子证']);
});
