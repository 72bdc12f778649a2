import { expect, test } from 'vitest';
import type { Person } from '../signal/messages.ts';
import { ordered, stage, tileKey } from './stage.ts';
import { nothing, type State } from './state.ts';

const person = (participant: string, more: Partial<Person> = {}): Person => ({
  participant,
  name: participant,
  post: '',
  body: '',
  role: 'speaker',
  guest: false,
  microphone: true,
  camera: true,
  sharing: false,
  hand: 0,
  away: false,
  silenced: false,
  consent: '',
  stenographer: false,
  ...more,
});
const meeting = (people: Person[], more: Partial<State> = {}): State => ({
  ...nothing,
  me: 'me',
  persons: people,
  ...more,
});
const names = 'me a b c d e'.split(' ');
const six = meeting(names.map((name) => person(name)));

test('people stay where they were, whoever comes and goes', () => {
  expect(ordered([], six, 4)).toEqual(names);
  const later = meeting([person('x'), person('c'), person('me'), person('a')]);
  expect(ordered(names, later, 4)).toEqual(['me', 'a', 'c', 'x']);
});

test('who speaks on another page changes places with the most silent of the first', () => {
  const talk = { ...six, speaker: 'e', spoke: { a: 50, b: 10, c: 30, e: 60 } };
  expect(ordered(names, talk, 4)).toEqual(['me', 'a', 'e', 'c', 'd', 'b']);
  expect(ordered(names, { ...talk, speaker: 'c' }, 4)).toEqual(names);
  expect(ordered(names, { ...talk, speaker: 'gone' }, 4)).toEqual(names);
});

const large = (state: State, layout: 'grid' | 'speaker' | 'sidebar', pinned: Parameters<typeof stage>[3] = null) => {
  const shown = stage(state, ordered([], state, 9), layout, pinned, '');
  return [shown.layout, shown.large && tileKey(shown.large)];
};

test('a grid has nobody large, until something is to be seen by all', () => {
  expect(large(six, 'grid')).toEqual(['grid', null]);
  expect(large({ ...six, room: { ...six.room, spotlight: 'c' } }, 'grid')).toEqual(['sidebar', 'camera:c']);
  const shared = meeting([person('me'), person('a'), person('b', { sharing: true })]);
  expect(large(shared, 'grid')).toEqual(['sidebar', 'screen:b']);
  expect(large({ ...shared, room: { ...six.room, spotlight: 'a' } }, 'grid')).toEqual(['sidebar', 'screen:b']);
  expect(large(shared, 'grid', { participant: 'a', source: 'camera' })).toEqual(['sidebar', 'camera:a']);
});

test('what was pinned and is gone is forgotten', () => {
  expect(large(six, 'grid', { participant: 'gone', source: 'camera' })).toEqual(['grid', null]);
});

test('the speaker is large, oneself only when alone', () => {
  expect(large({ ...six, spoke: { a: 5, d: 9, me: 20 } }, 'speaker')).toEqual(['speaker', 'camera:d']);
  expect(large(meeting([person('me'), person('a', { camera: false }), person('b')]), 'speaker')[1]).toBe('camera:b');
  expect(large(meeting([person('me')]), 'sidebar')).toEqual(['sidebar', 'camera:me']);
});

test('the own screen is not shown to oneself', () => {
  const own = meeting([person('me', { sharing: true }), person('a')]);
  expect(stage(own, ['me', 'a'], 'grid', null, '').tiles.map(tileKey)).toEqual(['camera:me', 'camera:a']);
});

test('beside the large one are all others, screens too', () => {
  const two = meeting([person('me'), person('a', { sharing: true }), person('b', { sharing: true })]);
  const shown = stage(two, ['me', 'a', 'b'], 'grid', null, 'upright');
  expect([shown.layout, shown.tiles.map(tileKey)]).toEqual([
    'speaker',
    ['screen:b', 'camera:me', 'camera:a', 'camera:b'],
  ]);
  // A phone that is turned has its room at the side.
  expect(stage(two, ['me', 'a', 'b'], 'speaker', null, 'aside').layout).toBe('sidebar');
});
