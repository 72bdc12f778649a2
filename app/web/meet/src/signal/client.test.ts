import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BEAT, Lost, PATIENCE, pause, Refused, SignalClient, type Socket } from './client.ts';
import type { FromServer } from './messages.ts';

class Wire implements Socket {
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  closedWith: number | undefined;
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close(code?: number) {
    this.readyState = 3;
    this.closedWith = code;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.(new Event('open'));
  }
  says(message: unknown) {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) } as MessageEvent);
  }
}

let wire: Wire;
let told: FromServer[];
let closed: number;
let client: SignalClient;

beforeEach(() => {
  vi.useFakeTimers();
  wire = new Wire();
  told = [];
  closed = 0;
  client = new SignalClient(wire, { told: (m) => told.push(m), closed: () => closed++ });
});
afterEach(() => {
  client.close();
  vi.useRealTimers();
});

test('answers find their questions, events go by', async () => {
  wire.opens();
  await client.open;
  const one = client.ask({ ping: {} });
  const two = client.ask({ leave: {} });
  expect(wire.sent).toEqual([
    { id: '1', ping: {} },
    { id: '2', leave: {} },
  ]);
  wire.says({ event: { kind: 'joined', participant: 'b' } });
  wire.says({ id: '2', done: {} });
  wire.says({ id: '1', done: {} });
  expect(await two).toEqual({ id: '2', done: {} });
  await one;
  expect(told).toMatchObject([{ event: { kind: 'joined', participant: 'b' } }]);
});

test('a refusal has a reason and a field', async () => {
  wire.opens();
  const asked = client.ask({ show: { views: [] } });
  wire.says({ id: '1', refused: { reason: 'MESSAGE', field: 'show.views' } });
  await expect(asked).rejects.toMatchObject({ name: 'Refused', reason: 'MESSAGE', field: 'show.views' });
  await expect(asked).rejects.toBeInstanceOf(Refused);
});

test('what cannot be read, and answers to nothing, are passed over', () => {
  wire.opens();
  for (const odd of ['{', '5', 'null', { id: '77', done: {} }]) wire.says(odd);
  wire.onmessage?.({ data: new ArrayBuffer(4) } as MessageEvent);
  expect(told).toEqual([]);
  expect(closed).toBe(0);
});

test('who waits for an answer hears of the end, once', async () => {
  wire.opens();
  const asked = client.ask({ ping: {} });
  wire.onclose?.({} as CloseEvent);
  await expect(asked).rejects.toBeInstanceOf(Lost);
  client.close();
  expect(closed).toBe(1);
  await expect(client.ask({ ping: {} })).rejects.toBeInstanceOf(Lost);
});

test('no answer is an end', async () => {
  wire.opens();
  const asked = client.ask({ ping: {} });
  vi.advanceTimersByTime(PATIENCE);
  await expect(asked).rejects.toBeInstanceOf(Lost);
  expect(wire.closedWith).toBe(1000);
  expect(closed).toBe(1);
});

test('a connection that does not open is lost', async () => {
  const opening = expect(client.open).rejects.toBeInstanceOf(Lost);
  vi.advanceTimersByTime(PATIENCE);
  await opening;
  expect(closed).toBe(1);
});

test('silence is broken by signs of life', () => {
  wire.opens();
  vi.advanceTimersByTime(BEAT);
  expect(wire.sent).toEqual([{ id: '1', ping: {} }]);
  wire.says({ id: '1', done: {} });
  vi.advanceTimersByTime(BEAT);
  expect(wire.sent).toHaveLength(2);
});

test('tries to come back grow further apart, and are spread', () => {
  expect([0, 1, 2, 3, 4, 9].map((n) => pause(n, 0.5))).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
  expect(pause(0, 0)).toBe(375);
  expect(pause(0, 1)).toBe(625);
});
