import { expect, test } from 'vitest';
import { begin, change, redo, undo } from './history.ts';

test('steps go back and forth', () => {
  let h = begin('a');
  h = change(h, 'b', 'x');
  h = change(h, 'c', 'y');
  expect(undo(h).present).toBe('b');
  expect(undo(undo(h)).present).toBe('a');
  expect(undo(undo(undo(h))).present).toBe('a');
  expect(redo(undo(undo(h))).present).toBe('b');
  expect(redo(redo(undo(undo(h)))).present).toBe('c');
  expect(redo(h)).toBe(h);
});

test('changes of one thing in a row are one step', () => {
  let h = begin('');
  for (const name of ['g', 'go', 'gon']) h = change(h, name, 'name');
  expect(h.past).toEqual(['']);
  expect(undo(h).present).toBe('');
  // After going back the same thing is a step of its own again.
  expect(undo(change(undo(change(h, 'gong', 'other')), 'gone', 'name')).present).toBe('gon');
});

test('a change after going back forgets what was undone, and none is no step', () => {
  const h = change(undo(change(begin('a'), 'b', 'x')), 'c', 'x');
  expect(redo(h).present).toBe('c');
  expect(change(h, 'c', 'z')).toBe(h);
});

test('steps are bounded', () => {
  let h = begin(0);
  for (let n = 1; n <= 300; n++) h = change(h, n, '');
  expect(h.past.length).toBe(100);
});
