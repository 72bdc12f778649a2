import { expect, test } from 'vitest';
import { grid, paged, perPage, UPRIGHT } from './grid.ts';

test.each([
  [1, 1600, 900, 1, 1],
  [2, 1600, 900, 2, 1],
  [3, 1600, 900, 2, 2],
  [4, 1600, 900, 2, 2],
  [5, 1600, 900, 3, 2],
  [9, 1600, 900, 3, 3],
  [16, 1600, 900, 4, 4],
])('%i tiles in a window of %i × %i: %i columns, %i rows', (n, width, height, columns, rows) => {
  expect(grid(n, width, height, 8)).toMatchObject({ columns, rows });
});

test('two on an upright phone stand one above the other', () => {
  expect(grid(2, 390, 700, 8, UPRIGHT)).toMatchObject({ columns: 1, rows: 2 });
});

test('tiles never stand out of the box', () => {
  for (let n = 1; n <= 25; n++) {
    const g = grid(n, 733, 411, 8);
    expect(g.columns * g.width + (g.columns - 1) * 8).toBeLessThanOrEqual(733);
    expect(g.rows * g.height + (g.rows - 1) * 8).toBeLessThanOrEqual(411);
    expect(g.columns * g.rows).toBeGreaterThanOrEqual(n);
  }
});

test('a box of no size has tiles of none', () => {
  expect(grid(4, 0, 0, 8).width).toBe(0);
});

test('a page that is no longer there becomes the last', () => {
  expect(paged(17, 16, 1)).toEqual({ pages: 2, page: 1, from: 16, to: 17 });
  expect(paged(16, 16, 1)).toEqual({ pages: 1, page: 0, from: 0, to: 16 });
  expect(paged(0, 16, -3)).toEqual({ pages: 1, page: 0, from: 0, to: 0 });
});

test('small windows have fewer on a page', () => {
  expect([perPage(390, 844), perPage(390, 500), perPage(800, 600), perPage(1440, 900)]).toEqual([6, 4, 9, 16]);
});
