import { describe, expect, test } from 'vitest';
import { forEyes, type ImportColumn, letters, missing, proposed, twice } from './columns.ts';

const column = (index: number, field: string, sure = true): ImportColumn => ({
  index,
  title: `c${index}`,
  samples: [],
  field,
  sure,
});

test('what the platform proposes is the first choice', () =>
  expect(proposed([column(0, 'name'), column(1, '')])).toEqual({ 0: 'name', 1: '' }));

describe('missing', () => {
  test.each([
    ['nothing chosen', {}, ['name', 'idNumber']],
    ['the number is missing', { 0: 'name', 1: 'phone' }, ['idNumber']],
    ['both are there', { 3: 'idNumber', 7: 'name' }, []],
  ])('%s', (_, choice, want) => expect(missing(choice)).toEqual(want));
});

describe('twice', () => {
  test.each([
    ['one column each', { 0: 'name', 1: 'phone' }, []],
    ['two phones', { 0: 'name', 1: 'phone', 2: 'phone' }, ['phone']],
    ['columns left out are not a field', { 0: '', 1: '', 2: 'name' }, []],
  ])('%s', (_, choice, want) => expect([...twice(choice)]).toEqual(want));
});

test('unsure columns come first, otherwise the order of the file holds', () =>
  expect(forEyes([column(0, 'name'), column(1, '', false), column(2, 'phone'), column(3, 'job', false)])).toEqual([
    column(1, '', false),
    column(3, 'job', false),
    column(0, 'name'),
    column(2, 'phone'),
  ]));

test.each([
  [0, 'A'],
  [25, 'Z'],
  [26, 'AA'],
  [51, 'AZ'],
  [52, 'BA'],
  [199, 'GR'],
])('column %i is %s', (index, want) => expect(letters(index)).toBe(want));
