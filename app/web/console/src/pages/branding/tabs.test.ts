import { expect, test } from 'vitest';
import { place, step, turn } from './tabs.ts';

const row = ['home', 'file', 'me'];

test('a tab moves by steps and to a place', () => {
  expect(step(row, 'file', -1)).toEqual(['file', 'home', 'me']);
  expect(step(row, 'file', 1)).toEqual(['home', 'me', 'file']);
  expect(step(row, 'home', -1)).toBe(row);
  expect(step(row, 'me', 1)).toBe(row);
  expect(place(row, 'me', 'home')).toEqual(['me', 'home', 'file']);
  expect(place(row, 'home', 'me')).toEqual(['file', 'me', 'home']);
  expect(place(row, 'home', 'none')).toBe(row);
  expect(place(row, 'none', 'home')).toBe(row);
});

test('a tab comes in before the last one, once, and goes', () => {
  expect(turn(row, 'card', true)).toEqual(['home', 'file', 'card', 'me']);
  expect(turn(row, 'file', true)).toBe(row);
  expect(turn(row, 'file', false)).toEqual(['home', 'me']);
});
