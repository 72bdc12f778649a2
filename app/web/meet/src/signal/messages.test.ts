import { expect, test } from 'vitest';
import { readMessage } from './messages.ts';

const read = (message: unknown) => readMessage(JSON.stringify(message));

test('what the wire leaves out is there, numbers of 64 bits are numbers', () => {
  const { joined } = read({
    id: '1',
    joined: {
      version: 1,
      participant: 'a',
      room: { title: 'T', chat: true, began: '1795392000000' },
      persons: [
        { participant: 'a', name: 'A', role: 'host', hand: '7' },
        { participant: 'b', role: 'queen' },
      ],
    },
  }) ?? { joined: undefined };
  expect(joined?.room).toEqual({
    title: 'T',
    watermark: false,
    files: 'all',
    agenda: { items: 0, version: 0, item: '', place: 0, title: '', minutes: 0, began: 0 },
    locked: false,
    waitingRoom: false,
    muted: false,
    spotlight: '',
    chat: true,
    began: 1795392000000,
    recording: null,
  });
  expect(joined?.persons[0]).toMatchObject({ role: 'host', hand: 7, microphone: false, post: '' });
  expect(joined?.persons[1]?.role).toBe('audience');
  expect(joined?.waiting).toEqual([]);
});

test('a recording and what people say to it are told', () => {
  const room = read({ room: { recording: { id: 'r', began: '5', by: 'Wang' } } })?.room;
  expect(room?.recording).toEqual({ id: 'r', began: 5, by: 'Wang' });
  expect(read({ person: { consent: 'agreed' } })?.person?.consent).toBe('agreed');
  expect(read({ person: { consent: 'perhaps' } })?.person?.consent).toBe('');
});

test('an empty answer is one', () => {
  expect(read({ id: '3', done: {} })).toEqual({ id: '3', done: {} });
  expect(read({ refused: {} })).toEqual({ id: '', refused: { reason: 'INTERNAL', field: '' } });
  expect(read({ over: { why: 'struck by lightning' } })?.over).toEqual({ why: 'ended' });
});

test.each(['{', '5', 'null', '"x"'])('%s is no message', (frame) => {
  expect(readMessage(frame)).toBeNull();
});

test('lists that are none, and what nobody knows, are passed over', () => {
  expect(read({ told: { lines: 'x' }, novelty: 1 })).toEqual({ id: '', told: { lines: [], more: false } });
  expect(readMessage(new ArrayBuffer(2))).toBeNull();
});
