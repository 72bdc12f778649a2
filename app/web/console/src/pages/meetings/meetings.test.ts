import { expect, test } from 'vitest';
import { invitation, type Meeting, momentOf, nextSlot, type PlanValues, planOf, spaced, valuesOf } from './meetings.ts';

const values: PlanValues = {
  title: ' 例会 ',
  day: '2026-11-23',
  time: '09:30',
  minutes: 60,
  openTo: 'body',
  waitingRoom: true,
  password: '',
  audience: false,
  watermark: false,
  invitees: ['a', 'b'],
  cohosts: ['b'],
};

test('a plan begins when the form says, in the time of the country', () => {
  const plan = planOf(values, false);
  expect(plan).toMatchObject({ title: '例会', startsAt: '2026-11-23T09:30:00+08:00', minutes: 60, waitingRoom: true });
  expect(plan).not.toHaveProperty('day');
  expect(planOf(values, true)).not.toHaveProperty('startsAt');
  expect(new Date(momentOf('2026-11-23', '00:10')).toISOString()).toBe('2026-11-22T16:10:00.000Z');
});

test('a plan that says nothing of it has a reminder, and no room', () => {
  expect(planOf(values, false)).toMatchObject({
    reminding: { before: [30], text: false },
    placeId: '',
    taken: 'refuse',
  });
});

test('nobody is invited twice', () => {
  expect(planOf(values, false).invitees).toEqual([
    { identityId: 'b', role: 'cohost' },
    { identityId: 'a', role: 'speaker' },
  ]);
  expect(planOf({ ...values, audience: true, cohosts: [] }, false).invitees?.map((one) => one.role)).toEqual([
    'audience',
    'audience',
  ]);
});

const meeting = {
  title: '例会',
  startsAt: '2026-11-23T01:30:00Z',
  minutes: 60,
  openTo: 'body',
  waitingRoom: true,
  password: 'abcd',
  audience: false,
  watermark: false,
  number: '1234567890',
  page: 'http://b.x/meet/1234567890',
  link: '',
  invitees: [
    { identityId: 'a', role: 'speaker', name: 'A' },
    { identityId: 'b', role: 'cohost', name: 'B' },
  ],
  targets: [] as Meeting['targets'],
  reminding: { before: [60, 10], text: false },
  place: { id: 'p', name: '三楼会议室' },
} as Meeting;

test('a meeting comes back into the form as it was planned', () => {
  expect(valuesOf(meeting)).toEqual({
    ...values,
    title: '例会',
    password: 'abcd',
    invitees: ['a'],
    cohosts: ['b'],
    groups: [],
    bodies: [],
    subtrees: [],
    following: false,
    reminding: { before: [60, 10], text: false },
    placeId: 'p',
    taken: 'refuse',
  });
});

test.each([
  ['2026-11-23T01:00:00Z', '09:30'],
  ['2026-11-23T01:29:59Z', '09:30'],
  ['2026-11-23T01:30:00Z', '10:00'],
  ['2026-11-22T15:45:00Z', '00:00'],
])('after %s the next half hour is %s', (now, time) => {
  expect(nextSlot(new Date(now)).time).toBe(time);
});

const t = (key: string, gaps: Record<string, string | number> = {}) => `${key.split('.').pop()} ${Object.values(gaps)}`;

test('an invitation has the password only where the link asks for it', () => {
  expect(invitation(meeting, t).split('\n')).toEqual([
    'title ',
    'name 例会',
    'when 2026-11-23 09:30',
    'number 123 456 7890',
    'password abcd',
    'link http://b.x/meet/1234567890',
  ]);
  const open = { ...meeting, link: 'http://b.x/meet/1234567890#key=k' };
  expect(invitation(open, t)).not.toContain('abcd');
  expect(invitation(open, t)).toContain('#key=k');
  expect(spaced('1')).toBe('1');
});
