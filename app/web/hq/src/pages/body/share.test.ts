import { describe, expect, test } from 'vitest';
import type { RankRow } from './rank.ts';
import { byShare, daily, partner, perCent, shareTrend, withShare } from './share.ts';

const row = (code: string, subtree: number, own = 0): RankRow => ({
  code,
  name: code,
  level: 'city',
  status: 'active',
  own,
  subtree,
  trend: [],
  children: 0,
  countedElsewhere: false,
});
const declared = [{ name: 'member.active' }, { name: 'member.complete' }, { name: 'member.imported' }];

test.each([
  ['member.active', declared, 'member.complete'],
  ['member.complete', declared, 'member.active'],
  ['member.imported', declared, null],
  ['member.active', declared.slice(0, 1), null],
])('beside %s', (metric, all, want) => expect(partner(metric, all)).toBe(want));

describe('withShare', () => {
  const complete = [row('a', 90, 9), row('b', 40, 4)];
  const active = [row('a', 100, 10), row('c', 5, 5)];
  test('of complete files', () =>
    expect(withShare(complete, 'member.complete', active).map((r) => [r.code, r.share, r.ownShare])).toEqual([
      ['a', { part: 90, whole: 100 }, { part: 9, whole: 10 }],
      ['b', null, null],
    ]));
  test('of members the same share', () =>
    expect(withShare(active, 'member.active', complete).map((r) => [r.code, r.share])).toEqual([
      ['a', { part: 90, whole: 100 }],
      ['c', null],
    ]));
});

test.each([
  [{ part: 999, whole: 1000 }, 99.9],
  [{ part: 9999, whole: 10_000 }, 99.9],
  [{ part: 29, whole: 100 }, 29],
  [{ part: 0, whole: 0 }, null],
  [null, null],
])('per cent of %j', (share, want) => expect(perCent(share)).toBe(want));

test('the highest share comes first, bodies without members last', () => {
  const rows = [
    { ...row('none', 0), share: { part: 0, whole: 0 }, ownShare: null },
    { ...row('low', 900), share: { part: 450, whole: 900 }, ownShare: null },
    { ...row('small', 10), share: { part: 9, whole: 10 }, ownShare: null },
    { ...row('large', 100), share: { part: 90, whole: 100 }, ownShare: null },
  ];
  expect(byShare(rows).map((r) => r.code)).toEqual(['large', 'small', 'low', 'none']);
});

test('shares by day, where both are known', () =>
  expect(
    shareTrend(
      [
        { day: '2026-11-20', value: '5' },
        { day: '2026-11-21', value: '8' },
      ],
      [{ day: '2026-11-21', value: '10' }],
    ),
  ).toEqual([{ day: '2026-11-21', part: 8, whole: 10 }]));

test('what each day brought; a corrected total brings nothing', () =>
  expect(
    daily([
      { day: 'a', value: 10 },
      { day: 'b', value: 25 },
      { day: 'c', value: 20 },
    ]),
  ).toEqual([
    { day: 'b', value: 15 },
    { day: 'c', value: 0 },
  ]));
