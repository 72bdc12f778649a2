import { expect, test } from 'vitest';
import { ago, compact, count, date, dateTime, money, percent, proseDate, signed } from './format.ts';

test.each([
  [1286, '1,286'],
  ['9007199254740993', '9,007,199,254,740,993'],
  ['', '0'],
  [0, '0'],
])('count %s', (n, want) => expect(count(n)).toBe(want));

test.each([
  [9999, 'zh', '9,999'],
  [12345, 'zh', '1.23 万'],
  [19999, 'zh', '1.99 万'],
  [12345678, 'zh', '1,234.5 万'],
  [310000000, 'zh', '3.1 亿'],
  [12345, 'en', '12.34K'],
  [1234567, 'en', '1.23M'],
] as const)('compact %s %s', (n, locale, want) => expect(compact(n, locale)).toBe(want));

test.each([
  [3, '+3'],
  [-1200, '\u22121,200'],
  [0, '0'],
])('signed %s', (n, want) => expect(signed(n)).toBe(want));

test.each([
  [123450, '\u00a51,234.50'],
  ['-5', '\u2212\u00a50.05'],
])('money %s', (cents, want) => expect(money(cents)).toBe(want));

test.each([
  ['2026-11-22', '2026-11-22', ''],
  // The evening before in UTC is already the next day in Shanghai.
  ['2026-11-21T17:05:00Z', '2026-11-22', '2026-11-22 01:05'],
  ['', '', ''],
  [null, '', ''],
  ['nonsense', '', ''],
] as const)('date %s', (at, day, minute) => {
  expect(date(at)).toBe(day);
  if (minute) expect(dateTime(at)).toBe(minute);
});

test.each([
  ['zh', '11月22日 周日'],
  ['en', 'Sun 22 Nov'],
] as const)('a date in a sentence, %s', (locale, want) => expect(proseDate('2026-11-22', locale)).toBe(want));

test.each([
  [12, 'zh', '12 秒前'],
  [180, 'zh', '3 分钟前'],
  [180, 'en', '3 minutes ago'],
  [90_000, 'en', '1 day ago'],
  [-5, 'en', '0 seconds ago'],
] as const)('%s seconds ago, %s', (seconds, locale, want) => {
  const now = new Date('2026-11-22T00:00:00Z');
  expect(ago(new Date(now.getTime() - seconds * 1000), now, locale)).toBe(want);
});

test.each([
  [9863, 10000, '98.6%'],
  ['99999', '100000', '99.9%'],
  [29, 100, '29%'],
  [100, 100, '100%'],
  [0, 7, '0%'],
  [0, 0, '\u2014'],
])('%s of %s is %s', (part, whole, want) => expect(percent(part, whole)).toBe(want));
