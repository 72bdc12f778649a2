import { expect, test } from 'vitest';
import { type FromServer, readMessage } from '../signal/messages.ts';
import { leftOf } from './inside.ts';
import { entered, headcount, nothing, type State, taken } from './state.ts';

const says = (message: object): FromServer => {
  const read = readMessage(JSON.stringify(message));
  if (!read) throw new Error('no message');
  return read;
};

const enter = (before: State, joined: object, now = 1000) => {
  const message = says({ joined }).joined;
  if (!message) throw new Error('not joined');
  return entered(before, message, now);
};

const main = enter(nothing, {
  participant: 'a',
  persons: [
    { participant: 'a', name: '陈荔生', role: 'speaker' },
    { participant: 'b', name: '黄婉仪', role: 'host' },
  ],
  listeners: 3,
  rooms: { open: true, left: 120_000, list: [{ id: 'r1', name: '第一组', people: 1 }] },
  captions: [{ id: 'c1', text: '第一行', at: '1' }],
  mark: { text: '陈荔生 5678' },
});

test('each room has a chat of its own, and people of its own', () => {
  const said = taken(main, says({ line: { id: '1', text: '在主会场', at: '5' } }), 2000);
  expect(said.lines).toHaveLength(1);
  const again = enter(said, { participant: 'a', persons: [{ participant: 'a', role: 'speaker' }], breakout: '' });
  expect(again.lines).toHaveLength(1);
  const moved = enter(said, { participant: 'a', persons: [{ participant: 'a', role: 'speaker' }], breakout: 'r1' });
  expect(moved.lines).toEqual([]);
  expect(moved.inside.breakout).toBe('r1');
  expect(moved.persons).toHaveLength(1);
});

test('who only listens is counted, but for oneself', () => {
  expect(headcount(main)).toBe(5);
  const now = taken(
    main,
    says({
      changes: {
        listeners: 5,
        persons: [
          { participant: 'b', name: '黄婉仪', role: 'audience' },
          { participant: 'x', name: '举手的', role: 'audience', hand: '4' },
        ],
        gone: ['nobody'],
        lines: [{ id: '9', text: 'x', at: '9' }],
        room: { title: '新', chat: true },
      },
    }),
    2000,
  );
  expect(now.persons.map((p) => p.participant)).toEqual(['a', 'x']);
  expect([now.lines.length, now.room.title, now.inside.listeners]).toEqual([1, '新', 5]);
  expect(headcount(now)).toBe(7);
  const listener = taken(now, says({ person: { participant: 'a', role: 'audience' } }), 3000);
  expect(listener.persons.map((p) => p.participant)).toContain('a');
  expect(headcount(listener)).toBe(6);
});

test('the clocks of rooms run from when they were told', () => {
  expect(leftOf(main.inside, 31_000)).toEqual({ closing: false, left: 90_000 });
  const closing = taken(main, says({ rooms: { open: true, left: 50, closing: 30_000 } }), 2000);
  expect(leftOf(closing.inside, 12_000)).toEqual({ closing: true, left: 20_000 });
  expect(leftOf(closing.inside, 99_000)).toEqual({ closing: true, left: 0 });
  expect(leftOf(taken(main, says({ rooms: {} }), 1).inside, 1)).toBeNull();
});

test('captions grow, are finished, and mended', () => {
  const draft = taken(main, says({ caption: { text: '第二' } }), 1);
  expect(draft.inside.draft?.text).toBe('第二');
  const done = taken(draft, says({ changes: { captions: [{ text: '' }, { id: 'c2', text: '第二行', at: '2' }] } }), 1);
  expect(done.inside.draft).toBeNull();
  expect(done.inside.captions.map((c) => c.text)).toEqual(['第一行', '第二行']);
  const mended = taken(done, says({ caption: { id: 'c1', text: '第一行，更正', at: '1' } }), 1);
  expect(mended.inside.captions.map((c) => c.text)).toEqual(['第一行，更正', '第二行']);
});
