import { expect, test } from 'vitest';
import { type FromServer, readMessage } from '../signal/messages.ts';
import { entered, found, hands, leads, listed, nothing, ownPerson, type State, taken } from './state.ts';

const says = (message: object): FromServer => {
  const read = readMessage(JSON.stringify(message));
  if (!read) throw new Error('no message');
  return read;
};

const joined = says({
  joined: {
    participant: 'a',
    room: { title: '例会', chat: true },
    persons: [
      { participant: 'a', name: '陈荔生', role: 'speaker' },
      { participant: 'b', name: '黄婉仪', role: 'host', post: '主席' },
    ],
    waiting: [{ participant: 'w', name: '何客' }],
  },
}).joined;
const start = entered(nothing, joined as NonNullable<typeof joined>);
const after = (state: State, ...messages: object[]) =>
  messages.reduce<State>((now, message, i) => taken(now, says(message), 1000 + i), state);

test('people come, change and go', () => {
  const now = after(
    start,
    { person: { participant: 'c', name: 'C', role: 'speaker' } },
    { person: { participant: 'b', name: '黄婉仪', role: 'host', microphone: true } },
    { gone: { participant: 'a' } },
  );
  expect(now.persons.map((p) => [p.participant, p.microphone])).toEqual([
    ['b', true],
    ['c', false],
  ]);
  expect(start.persons).toHaveLength(2);
});

test('who waits is told once, and goes', () => {
  const now = after(start, { knock: { participant: 'x' } }, { knock: { participant: 'x', name: 'X' } });
  expect(now.knocks.map((k) => k.name)).toEqual(['何客', 'X']);
  expect(after(now, { knock: { participant: 'w', gone: true } }).knocks).toHaveLength(1);
});

test('a line stands once, where it was written', () => {
  const now = after(
    start,
    { line: { id: '2', text: 'b', at: '20' } },
    { line: { id: '2', text: 'b', at: '20' } },
    {
      told: {
        lines: [
          { id: '1', at: '10' },
          { id: '2', at: '20' },
        ],
        more: true,
      },
    },
    { line: { id: '3', at: '20' } },
  );
  expect(now.lines.map((l) => l.id)).toEqual(['1', '2', '3']);
  expect([now.more, now.fresh]).toEqual([true, 2]);
  expect(after(now, { line: { id: '4', participant: 'a', at: '30' } }).fresh).toBe(2);
});

test('coming back keeps the chat, and asks anew who is heard', () => {
  const now = after(start, { line: { id: '1', at: '1' } }, { event: { kind: 'heard', mid: '0', participant: 'b' } });
  const back = entered(now, joined as NonNullable<typeof joined>);
  expect(back.lines).toHaveLength(1);
  expect(back.heard).toEqual({});
});

test('who speaks is remembered with the moment, until they go', () => {
  const now = after(
    start,
    { event: { kind: 'speaking', participant: 'b' } },
    { event: { kind: 'speaking', participant: 'a' } },
  );
  expect([now.speaker, now.spoke]).toEqual(['a', { b: 1000, a: 1001 }]);
  const gone = after(now, { gone: { participant: 'a' } });
  expect([gone.speaker, gone.spoke]).toEqual(['', { b: 1000 }]);
});

test('what is of no meaning here changes nothing', () => {
  expect(after(start, { event: { kind: 'published', participant: 'b' } }, { asked: { what: 'unmute' } })).toBe(start);
});

test('hands in the order in which they were raised; the list begins with oneself', () => {
  const now = after(
    start,
    { person: { participant: 'c', role: 'audience', hand: '5', name: 'C' } },
    { person: { participant: 'd', role: 'speaker', hand: '3', name: 'D' } },
    { person: { participant: 'e', role: 'host', away: true, name: 'E' } },
  );
  expect(hands(now.persons).map((p) => p.participant)).toEqual(['d', 'c']);
  expect(listed(now).map((p) => p.participant)).toEqual(['a', 'd', 'c', 'b', 'e']);
  expect(leads(ownPerson(now))).toBe(false);
  expect(found(now.persons, ' 主席 ').map((p) => p.participant)).toEqual(['b']);
});
