import { expect, test } from 'vitest';
import { type MenuItem, own } from '../menus/draft.ts';
import { drafted } from './home.ts';

const item = (key: string, titleZh: string): MenuItem => ({
  ...own('group', () => ''),
  key,
  kind: 'column',
  titleZh,
  inheritedTitleZh: titleZh,
  lockedByCode: key === 'union' ? '0' : '',
});
const now = [item('card', '会员证'), item('union', '我的工会'), item('news', '要闻')];
const wanted = (key: string, to = {}) => ({
  key,
  kind: 'column',
  titleZh: '',
  titleEn: '',
  hidden: false,
  group: '',
  url: '',
  locked: false,
  ...to,
});

test('a draft has its order and what the menus tell of each item', () => {
  const got = drafted(now, [wanted('union'), wanted('card', { hidden: true, titleZh: '证件' })]);
  expect(got.map((one) => `${one.key} ${one.titleZh} ${one.hidden}`)).toEqual([
    'union 我的工会 false',
    'card 证件 true',
    'news 要闻 false',
  ]);
  expect(got[0]?.lockedByCode).toBe('0');
});

test('what the body made itself is there without the menus', () => {
  const got = drafted(now, [
    wanted('own.abcd', { kind: 'group', titleZh: '求助' }),
    wanted('card'),
    wanted('own.efgh', { kind: 'link', titleZh: '热线', url: 'https://a.example', group: 'own.abcd' }),
  ]);
  expect(got.map((one) => one.key)).toEqual(['own.abcd', 'own.efgh', 'card', 'union', 'news']);
  expect(got[1]?.url).toBe('https://a.example');
});
