import { startTexts } from '@gonghui/ui/base';
import baseZh from '@gonghui/ui/base.zh';
import { fireEvent, render, screen, within } from '@testing-library/react';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import zh from '../i18n/meet.zh.ts';
import { RoomContext } from '../parts/useRoom.ts';
import type { Room, Snapshot } from '../room/room.ts';
import { nothing } from '../room/state.ts';
import { Refused } from '../signal/client.ts';
import type { Act, Person } from '../signal/messages.ts';
import { People } from './People.tsx';
import { AskContext, type Question } from './usePersonActs.tsx';

beforeAll(() => startTexts({ zh: { ...baseZh, ...zh }, en: {} }));

const person = (participant: string, more: Partial<Person> = {}): Person => ({
  participant,
  name: `人${participant}`,
  post: '',
  body: '',
  role: 'speaker',
  guest: false,
  microphone: true,
  camera: false,
  sharing: false,
  hand: 0,
  away: false,
  silenced: false,
  consent: '',
  stenographer: false,
  ...more,
});

const acts: Act[] = [];
let refuse: Error | null;
let asked: Question[];
let said: string[];

function show(me: Partial<Person>, others: Person[], more: Partial<Snapshot['state']> = {}) {
  const state = { ...nothing, me: 'me', persons: [person('me', me), ...others], ...more };
  const snapshot = { state } as Snapshot;
  const room = {
    subscribe: () => () => undefined,
    snapshot: () => snapshot,
    act: (act: Act) => {
      acts.push(act);
      return refuse ? Promise.reject(refuse) : Promise.resolve();
    },
  } as unknown as Room;
  render(
    <AskContext value={{ ask: (q) => asked.push(q), say: (text) => said.push(text) }}>
      <RoomContext value={room}>
        <People />
      </RoomContext>
    </AskContext>,
  );
}

beforeEach(() => {
  acts.length = 0;
  refuse = null;
  asked = [];
  said = [];
});

const menuOf = (name: string) => {
  fireEvent.click(screen.getByRole('button', { name: `${name}的操作` }));
  return within(screen.getByRole('menu')).getAllByRole('menuitem');
};
const words = (name: string) => menuOf(name).map((item) => item.textContent);

test('who does not lead can do nothing to others, and sees no door', () => {
  show({ role: 'speaker' }, [person('a')], {
    knocks: [{ participant: 'w', name: '何', post: '', body: '', guest: false, gone: false }],
  });
  expect(screen.queryByRole('button', { name: '人a的操作' })).toBeNull();
  expect(screen.queryByRole('switch')).toBeNull();
  expect(screen.queryByText('允许进入')).toBeNull();
});

test('the host does to each what makes sense', () => {
  show({ role: 'host' }, [
    person('a', { camera: true, hand: 3 }),
    person('b', { role: 'audience', microphone: false }),
  ]);
  expect(words('人a')).toEqual([
    '静音',
    '停止视频',
    '放下手',
    '设为焦点视频',
    '设为联席主持人',
    '设为听众',
    '移交主持人',
    '设为速录员',
    '移出会议',
  ]);
  fireEvent.keyDown(screen.getByRole('menu'), { key: 'Escape' });
  expect(words('人b')).toEqual([
    '设为焦点视频',
    '设为联席主持人',
    '设为发言人',
    '移交主持人',
    '设为速录员',
    '移出会议',
  ]);
});

test('a co-host does nothing to the host and to other co-hosts', () => {
  show({ role: 'cohost' }, [person('a', { role: 'host', hand: 2 }), person('b', { role: 'cohost' })]);
  expect(words('人a')).toEqual(['设为焦点视频']);
  fireEvent.keyDown(screen.getByRole('menu'), { key: 'Escape' });
  expect(words('人b')).toEqual(['设为焦点视频']);
});

test('what others feel is asked for first; the rest is done', async () => {
  show({ role: 'host' }, [person('a')]);
  fireEvent.click(menuOf('人a').at(-1) as HTMLElement);
  expect(asked[0]).toMatchObject({ title: '将人a移出会议？', act: { do: 'remove', participant: 'a' } });
  expect(acts).toEqual([]);
  fireEvent.click(menuOf('人a')[0] as HTMLElement);
  expect(acts).toEqual([{ do: 'mute', participant: 'a' }]);
});

test('a refusal is said, that somebody has gone is not', async () => {
  refuse = new Refused('RIGHT');
  show({ role: 'host' }, [], { room: { ...nothing.room, locked: true } });
  fireEvent.click(screen.getByRole('switch', { name: /锁定会议/ }));
  expect(acts).toEqual([{ do: 'lock', on: false }]);
  await vi.waitFor(() => expect(said).toEqual(['您没有这项权限']));
  refuse = new Refused('GONE');
  fireEvent.click(screen.getByRole('switch', { name: '启用等候室' }));
  await Promise.resolve();
  expect(said).toHaveLength(1);
});

test('who waits is let in one by one, or all at once', () => {
  const knock = (participant: string) => ({
    participant,
    name: `客${participant}`,
    post: '',
    body: '',
    guest: true,
    gone: false,
  });
  show({ role: 'cohost' }, [], { knocks: [knock('1'), knock('2')] });
  fireEvent.click(screen.getAllByRole('button', { name: '允许进入' })[1] as HTMLElement);
  fireEvent.click(screen.getByRole('button', { name: '全部允许' }));
  expect(acts).toEqual([{ do: 'admit', participant: '2' }, { do: 'admit-all' }]);
});

test('arrows go through a menu and Esc gives the focus back', () => {
  show({ role: 'host' }, [person('a')]);
  const items = menuOf('人a');
  const menu = screen.getByRole('menu');
  expect(document.activeElement).toBe(items[0]);
  fireEvent.keyDown(menu, { key: 'ArrowUp' });
  expect(document.activeElement).toBe(items.at(-1));
  fireEvent.keyDown(menu, { key: 'ArrowDown' });
  expect(document.activeElement).toBe(items[0]);
  fireEvent.keyDown(menu, { key: 'Escape' });
  expect(screen.queryByRole('menu')).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole('button', { name: '人a的操作' }));
});
