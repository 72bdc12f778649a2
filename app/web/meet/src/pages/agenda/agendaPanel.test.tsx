import { startTexts } from '@gonghui/ui/base';
import baseZh from '@gonghui/ui/base.zh';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import zh from '../../i18n/meet.zh.ts';
import { RoomContext } from '../../parts/useRoom.ts';
import type { Room, Snapshot } from '../../room/room.ts';
import { nothing } from '../../room/state.ts';
import type { Agenda } from '../../signal/agenda.ts';
import type { Message, Person, Role } from '../../signal/messages.ts';
import { AskContext } from '../usePersonActs.tsx';
import AgendaPanel from './AgendaPanel.tsx';

beforeAll(() => startTexts({ zh: { ...baseZh, ...zh }, en: {} }));

const item = (id: string, title: string) => ({ id, title, minutes: 10, presenter: '王五', note: '' });
const agenda: Agenda = {
  items: [item('a', '工作报告'), item('b', '经费预算')],
  papers: [
    { id: 'p', itemId: 'b', name: '预算.pdf', kind: 'pdf', size: 2_000_000, access: 'named', download: false },
    { id: 'q', itemId: '', name: '方案.docx', kind: 'docx', size: 9000, access: 'all', download: true },
  ],
};

function show(role: Role, at: string) {
  const asked: Message[] = [];
  const me = { participant: 'me', name: '我', role } as Person;
  const course = { items: 2, version: 1, item: at, place: at ? 1 : 0, title: '', minutes: 10, began: Date.now() };
  const state = { ...nothing, me: 'me', persons: [me], room: { ...nothing.room, agenda: course } };
  const snapshot = { state } as unknown as Snapshot;
  const room = {
    subscribe: () => () => undefined,
    snapshot: () => snapshot,
    ask: (message: Message) => {
      asked.push(message);
      return Promise.resolve({ id: '1', agenda });
    },
  } as unknown as Room;
  render(
    <AskContext value={{ ask: () => undefined, say: () => undefined }}>
      <RoomContext value={room}>
        <AgendaPanel />
      </RoomContext>
    </AskContext>,
  );
  return asked;
}

test('papers stand at their items, with what may be done with them', async () => {
  show('speaker', 'a');
  expect(await screen.findByText('工作报告')).toBeTruthy();
  const [first, second] = screen
    .getAllByRole('listitem')
    .filter((one) => one.parentElement?.className === 'agenda-items');
  expect(first?.getAttribute('aria-current')).toBe('step');
  expect(first?.textContent).toContain('进行中');
  expect(second?.textContent).toContain('预算.pdf');
  expect(second?.textContent).toContain('仅指定的人 · 仅查看');
  expect(screen.queryByRole('button', { name: '下一项' })).toBeNull();
});

test('a host moves on, goes to any item, and ends one', async () => {
  const asked = show('host', 'a');
  fireEvent.click(await screen.findByRole('button', { name: '下一项' }));
  fireEvent.click(screen.getByRole('button', { name: '进入议程：经费预算' }));
  fireEvent.click(screen.getByRole('button', { name: '结束当前项' }));
  expect(asked.slice(1)).toEqual(['b', 'b', ''].map((id) => ({ agenda: { do: 'run', id } })));
  cleanup();
  show('cohost', '');
  expect(await screen.findByRole('button', { name: '开始第一项' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: '结束当前项' })).toBeNull();
});
