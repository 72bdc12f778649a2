import { expect, test } from 'vitest';
import { LEVELS, levelsBelow, usualKind, usualLevel } from './levels.ts';

test('below a body stand lower levels only', () => {
  expect(levelsBelow('national')).toEqual([...LEVELS]);
  expect(levelsBelow('national_industrial')[0]).toBe('province');
  expect(levelsBelow('county')).toEqual(['town', 'village', 'grassroots']);
  expect(levelsBelow('grassroots')).toEqual(['grassroots']);
});

test.each([
  ['national', 'territorial', 'province'],
  ['national', 'industrial', 'national_industrial'],
  ['city', 'territorial', 'county'],
  ['grassroots', 'territorial', 'grassroots'],
] as const)('below %s on the %s line one expects %s', (parent, line, level) => {
  expect(usualLevel(parent, line)).toBe(level);
});

test.each([
  ['grassroots', 'industrial', 'grassroots_union'],
  ['province', 'industrial', 'industrial_union'],
  ['national_industrial', 'territorial', 'industrial_union'],
  ['county', 'territorial', 'territorial_union'],
  ['town', 'territorial', 'federation'],
] as const)('a %s body on the %s line is a %s', (level, line, kind) => {
  expect(usualKind(level, line)).toBe(kind);
});
