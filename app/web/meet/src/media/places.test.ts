import { expect, test } from 'vitest';
import { assign, changed, stepped, type Wish } from './places.ts';

const wish = (participant: string, height = 360): Wish => ({ participant, source: 'camera', height, priority: 1 });
const shown = (views: { mid: string; participant: string }[]) =>
  views.map((v) => `${v.mid}:${v.participant}`).join(' ');

test('who is shown keeps the place, whoever comes and goes', () => {
  const mids = ['1', '2', '3'];
  const first = assign(mids, [], [wish('a'), wish('b'), wish('c')]);
  expect(shown(first)).toBe('1:a 2:b 3:c');
  const second = assign(mids, first, [wish('c'), wish('d'), wish('a')]);
  expect(shown(second)).toBe('1:a 2:d 3:c');
  expect(changed(first, second).map((v) => v.participant)).toEqual(['d']);
});

test('more wishes than places: the first are served', () => {
  expect(shown(assign(['1', '2'], [], [wish('a'), wish('b'), wish('c')]))).toBe('1:a 2:b');
});

test('places that are no longer needed show nobody, and that is told once', () => {
  const first = assign(['1', '2'], [], [wish('a'), wish('b')]);
  const second = assign(['1', '2'], first, [wish('b')]);
  expect(shown(second)).toBe('1: 2:b');
  expect(changed(first, second)).toEqual([{ mid: '1', participant: '', source: '', height: 0, priority: 0 }]);
  expect(changed(second, assign(['1', '2'], second, [wish('b')]))).toEqual([]);
});

test('a screen and a camera of the same person are two', () => {
  const views = assign(['1', '2'], [], [{ ...wish('a'), source: 'screen' }, wish('a')]);
  expect(views.map((v) => v.source)).toEqual(['screen', 'camera']);
});

test('a place that showed nobody is taken before one that has just been let go', () => {
  const first = assign(['1', '2'], [], [wish('a')]);
  expect(shown(assign(['1', '2'], first, [wish('b')]))).toBe('1: 2:b');
});

test('nothing at first is nothing to tell', () => {
  expect(changed([], assign(['1', '2'], [], []))).toEqual([]);
});

test.each([
  [0, 0],
  [1, 90],
  [91, 180],
  [720, 720],
  [721, 1080],
  [9000, 2160],
])('%i pixels are told as %i', (height, told) => {
  expect(stepped(height)).toBe(told);
});
