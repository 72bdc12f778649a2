import { expect, test } from 'vitest';
import { contrast, mend } from './contrast.ts';

test.each([
  ['#FFFFFF', '#000000', 21],
  ['#777777', '#FFFFFF', 4.48],
  ['#C8161D', '#FFFFFF', 5.89],
])('contrast of %s on %s', (a, b, want) => {
  expect(contrast(a, b)).toBeCloseTo(want, 1);
});

test.each(['#FFD400', '#FFFFFF', '#00FF88', '#C8161D', '#000000'])('%s is mended for white text', (colour) => {
  expect(contrast(mend(colour, '#FFFFFF', '#000000'), '#FFFFFF')).toBeGreaterThanOrEqual(4.5);
});

test.each(['#000000', '#1D39C4', '#C8161D'])('%s is mended for the dark surface', (colour) => {
  expect(contrast(mend(colour, '#1E1D1A', '#FFFFFF'), '#1E1D1A')).toBeGreaterThanOrEqual(4.5);
});

test('a colour that is good stays', () => {
  expect(mend('#C8161D', '#FFFFFF', '#000000')).toBe('#C8161D');
});
