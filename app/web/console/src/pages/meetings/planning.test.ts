import { expect, test } from 'vitest';
import { daysOf, once, repeatOf, stepped, targetsOf, targetValuesOf } from './planning.ts';

test('a month is shown in whole weeks from Monday on', () => {
  const november = daysOf('month', '2026-11-23');
  expect([november[0], november.at(-1), november.length]).toEqual(['2026-10-26', '2026-12-06', 42]);
  const february = daysOf('month', '2027-02-10');
  expect([february[0], february.at(-1), february.length]).toEqual(['2027-02-01', '2027-02-28', 28]);
  expect(daysOf('week', '2026-11-29')).toEqual([
    '2026-11-23',
    '2026-11-24',
    '2026-11-25',
    '2026-11-26',
    '2026-11-27',
    '2026-11-28',
    '2026-11-29',
  ]);
});

test('steps lead over the end of a year', () => {
  expect(stepped('month', '2026-12-31', 1)).toBe('2027-01-01');
  expect(stepped('month', '2026-03-31', -1)).toBe('2026-02-01');
  expect(stepped('week', '2026-12-30', 1)).toBe('2027-01-06');
});

test('a repetition has one end, and its weekdays hold that of the first', () => {
  expect(repeatOf(once, '2026-11-23')).toBeUndefined();
  expect(repeatOf({ ...once, kind: 'weekly', weekdays: ['WE'] }, '2026-11-23')).toEqual({
    kind: 'weekly',
    every: 1,
    weekdays: ['MO', 'WE'],
    count: 10,
    until: '',
  });
  expect(repeatOf({ ...once, kind: 'daily', end: 'until', until: '2026-12-01' }, '2026-11-23')).toMatchObject({
    count: 0,
    until: '2026-12-01',
    weekdays: [],
  });
});

test('a body is invited once, with all below it or alone', () => {
  const targets = targetsOf({ groups: ['g'], bodies: ['a', 'b'], subtrees: ['b'] }, true);
  expect(targets.map((one) => [one.kind, one.groupId || one.bodyCode, one.role])).toEqual([
    ['group', 'g', 'audience'],
    ['body', 'a', 'audience'],
    ['subtree', 'b', 'audience'],
  ]);
  expect(targetValuesOf(targets)).toEqual({ groups: ['g'], bodies: ['a'], subtrees: ['b'] });
});
