import { describe, expect, test } from 'vitest';
import { bars, type ChildFigure, count, ranked, shortName } from './rank.ts';

const figure = (code: string, subtree: string, more: Partial<ChildFigure> = {}): ChildFigure => ({
  code,
  name: code,
  level: 'city',
  status: 'active',
  own: '1',
  subtree,
  trend: ['1', subtree],
  children: 0,
  countedElsewhere: false,
  ...more,
});

test('count reads 64-bit numbers of the wire', () => {
  expect(count('1234567890123')).toBe(1234567890123);
  expect(count('')).toBe(0);
  expect(count('x')).toBe(0);
});

describe('ranked', () => {
  const codes = (pages: ChildFigure[][]) => ranked(pages).map((row) => row.code);

  test('orders numbers, not text', () => expect(codes([[figure('a', '9'), figure('b', '10')]])).toEqual(['b', 'a']));
  test('equals stand by code', () => expect(codes([[figure('b', '5'), figure('a', '5')]])).toEqual(['a', 'b']));
  test('a body on two pages stands once, with its later value', () => {
    const rows = ranked([[figure('a', '7'), figure('b', '6')], [figure('a', '3')]]);
    expect(rows.map((row) => [row.code, row.subtree])).toEqual([
      ['b', 6],
      ['a', 3],
    ]);
  });
  test('trends become numbers', () => expect(ranked([[figure('a', '12')]])[0]?.trend).toEqual([1, 12]));
});

describe('shortName', () => {
  test.each([
    ['广东省总工会', '中华全国总工会', '广东省'],
    ['广州市荔湾区总工会', '广州市总工会', '荔湾区'],
    ['北京市总工会市辖区工作委员会', '北京市总工会', '市辖区工作委员会'],
    ['广东省教科文卫体工会委员会', '广东省总工会', '教科文卫体'],
    ['工会', '', '工会'],
    ['莫力达瓦达斡尔族自治旗总工会', '呼伦贝尔市总工会', '莫力达瓦达斡尔族自治旗'],
  ])('%s below %s is %s', (name, parent, short) => {
    expect(shortName(name, parent)).toBe(short);
  });
});

test('bars are the first rows', () => {
  const rows = ranked([[figure('a', '1'), figure('b', '3'), figure('c', '2')]]);
  expect(bars(rows, 2, '').map((bar) => [bar.code, bar.value])).toEqual([
    ['b', 3],
    ['c', 2],
  ]);
});
