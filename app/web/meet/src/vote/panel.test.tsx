import { readFileSync } from 'node:fs';
import { setLocale, startTexts } from '@gonghui/ui/base';
import baseZh from '@gonghui/ui/base.zh';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import zh from '../i18n/meet.zh.ts';
import { AskContext } from '../pages/usePersonActs.tsx';
import { RoomContext } from '../parts/useRoom.ts';
import type { Room, Snapshot } from '../room/room.ts';
import { nothing } from '../room/state.ts';
import { Refused } from '../signal/client.ts';
import type { Person } from '../signal/messages.ts';
import { base64, toBytes } from './blind.ts';
import { VotePanel } from './VotePanel.tsx';
import type { Vote, Voting } from './votes.ts';

beforeAll(() => {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  setLocale('zh');
  return startTexts({ zh: { ...baseZh, ...zh }, en: {} });
});

const person = (participant: string, more: Partial<Person> = {}) =>
  ({ participant, name: `人${participant}`, post: '', body: '越秀', role: 'speaker', guest: false, ...more }) as Person;

const vote = (more: Partial<Vote>): Vote => ({
  id: 'v',
  kind: 'named',
  form: 'choice',
  state: 'open',
  question: '何时开会',
  options: ['周一', '周二'],
  most: 1,
  seats: 0,
  due: 9,
  quorum: 'none',
  majority: 'most',
  endsAt: '',
  closedAt: '',
  watchers: [],
  voters: 9,
  came: 2,
  cast: 0,
  result: null,
  modulus: '',
  own: { may: true, did: false, choice: [] },
  unsure: false,
  ...more,
});

let said: string[];
let asked: Voting[];
let answer: (voting: Voting) => unknown;

function show(me: Partial<Person>, votes: Vote[], others: Person[] = []) {
  const snapshot = {
    state: { ...nothing, me: 'me', persons: [person('me', me), ...others], votes },
  } as unknown as Snapshot;
  const room = {
    subscribe: () => () => undefined,
    snapshot: () => snapshot,
    vote: async (voting: Voting) => {
      asked.push(voting);
      return answer(voting);
    },
  } as unknown as Room;
  return render(
    <AskContext value={{ ask: () => undefined, say: (text) => said.push(text) }}>
      <RoomContext value={room}>
        <VotePanel />
      </RoomContext>
    </AskContext>,
  );
}

beforeEach(() => {
  said = [];
  asked = [];
  answer = () => ({ voters: { voters: [], next: '' } });
  localStorage.clear();
});

const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));

test('a poll says what it is, takes a choice, and says why not', async () => {
  answer = () => {
    throw new Refused('STATE', 'vote.vote');
  };
  show({}, [vote({ kind: 'veiled' })]);
  expect(screen.getByText(/不属于无记名表决/)).toBeTruthy();
  expect(screen.queryByText('结束投票并公布结果')).toBeNull();
  fireEvent.click(screen.getByRole('radio', { name: '周二' }));
  await act(async () => press('投票'));
  expect(asked).toEqual([{ do: 'choose', vote: 'v', choice: [2] }]);
  expect(said).toEqual(['状态已变化，请看最新的情况']);
});

test('the host makes a poll', async () => {
  show({ role: 'host' }, []);
  press(/记名投票/);
  press('发起');
  expect(screen.getByRole('alert').textContent).toBe('请填写问题');
  fireEvent.change(screen.getByLabelText('问题'), { target: { value: '何时开会' } });
  fireEvent.change(screen.getByLabelText('选项'), { target: { value: '周一\n周二\n' } });
  await act(async () => press('发起'));
  expect(asked[0]).toMatchObject({
    do: 'make',
    make: { kind: 'named', question: '何时开会', options: ['周一', '周二'], most: 1 },
  });
});

test('a ballot wants voters, two scrutineers, and that few voters are known to be few', async () => {
  show({ role: 'host' }, [], [person('a'), person('b'), person('g', { guest: true })]);
  press(/无记名表决/);
  fireEvent.change(screen.getByLabelText('问题'), { target: { value: '决议' } });
  const fails = (text: string) => {
    press('下一步：公示名单');
    expect(screen.getByRole('alert').textContent).toBe(text);
  };
  fireEvent.click(screen.getByRole('checkbox', { name: /人a/ }));
  fails('无记名表决至少要有三人');
  fireEvent.click(screen.getByRole('checkbox', { name: /人g/ }));
  fails('请确认人数很少时的风险');
  fireEvent.click(screen.getByRole('checkbox', { name: /只有 3 人投票/ }));
  fails('请选两名不同的监票人');
  fireEvent.change(screen.getByLabelText('监票人 1'), { target: { value: 'a' } });
  fireEvent.change(screen.getByLabelText('监票人 2'), { target: { value: 'b' } });
  await act(async () => press('下一步：公示名单'));
  expect(asked[0]?.make).toMatchObject({
    kind: 'secret',
    form: 'consent',
    options: ['赞成', '反对', '弃权'],
    people: ['me', 'b'],
    guests: ['g'],
    watchers: ['a', 'b'],
    small: true,
    quorum: 'twothirds',
    majority: 'half_due',
  });
});

test('a ballot is cast without saying who casts it, and its receipt is shown', async () => {
  const v = JSON.parse(readFileSync('../../media/meeting/ballot/testdata/page.json', 'utf8')) as Record<string, string>;
  const bytes = (text = '') => toBytes(BigInt(`0x${text}`), text.length / 2);
  // The answer to a blinded token cannot be made here: the right is one that the device has kept.
  localStorage.setItem(
    'gonghui.meet.ballots',
    JSON.stringify({
      s: {
        at: Date.now(),
        token: base64(bytes(v.token)),
        inverse: base64(bytes(v.factor)),
        blinded: base64(bytes(v.blinded)),
        signature: base64(bytes(v.signature)),
        receipt: v.receipt,
        body: '440103',
      },
    }),
  );
  vi.resetModules();
  const { vote: cast, ownPapers } = await import('./booth.ts');
  const posted: [string, RequestInit][] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    posted.push([url, init]);
    // The box is on its way to another server, then there, then written.
    if (posted.length === 1) return new Response('{}', { status: 503 });
    return new Response(JSON.stringify({ receipt: v.receipt, written: posted.length > 2 }));
  });
  vi.useFakeTimers();
  const ballot = vote({ id: 's', kind: 'secret', modulus: base64(bytes(v.modulus)) });
  const casting = cast(ballot, [2], () => Promise.reject(new Error('no right is asked for')));
  await vi.advanceTimersByTimeAsync(2000);
  await casting;
  expect(ownPapers().s).toMatchObject({ stands: 'going', choice: [2] });
  await vi.advanceTimersByTimeAsync(8000);
  expect(posted[0]?.[0]).toBe('/v1/meetings:cast?body=440103');
  expect(posted[0]?.[1]).toMatchObject({ credentials: 'omit', referrerPolicy: 'no-referrer' });
  expect(JSON.parse(String(posted[0]?.[1].body))).toMatchObject({ vote: 's', choice: [2] });
  expect(ownPapers().s).toMatchObject({ stands: 'held', choice: [2] });
  // It is cast again until it is written; then the choice is forgotten.
  await vi.advanceTimersByTimeAsync(41_000);
  expect(posted).toHaveLength(3);
  expect(ownPapers().s).toMatchObject({ stands: 'written', receipt: v.receipt });
  expect(localStorage.getItem('gonghui.meet.ballots')).not.toContain('"choice"');
  await vi.advanceTimersByTimeAsync(200_000);
  expect(posted).toHaveLength(3);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a scrutineer confirms, and the result is told by its rule', async () => {
  const watchers = [
    { participant: 'me', name: '人me', closing: false, opening: false },
    { participant: 'a', name: '人a', closing: true, opening: false },
  ];
  const view = show({}, [vote({ kind: 'secret', state: 'ending', watchers, came: 5, cast: 4 })]);
  expect(screen.getByText(/有 1 张选票尚未到达/)).toBeTruthy();
  press('监票人确认截止');
  await act(async () => fireEvent.click(within(screen.getByRole('dialog')).getByText('监票人确认截止')));
  expect(asked.at(-1)).toEqual({ do: 'confirm', vote: 'v' });
  view.unmount();
  // After the server failed there is no closing before all are there.
  const unsure = show({}, [vote({ kind: 'secret', state: 'ending', watchers, came: 5, cast: 4, unsure: true })]);
  expect(screen.getByText(/收不齐须作废后重新表决/)).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: '监票人确认截止' }).disabled).toBe(true);
  unsure.unmount();
  const result = { votes: [3, 1, 0], cast: 4, blank: 0, quorate: true, need: 5, passed: false, won: [], tied: [] };
  show({}, [
    vote({
      kind: 'secret',
      form: 'consent',
      options: ['赞成', '反对', '弃权'],
      state: 'done',
      watchers,
      result,
      cast: 4,
    }),
  ]);
  expect(screen.getByText('未通过')).toBeTruthy();
  expect(screen.getByText(/通过须 5 票/)).toBeTruthy();
});
