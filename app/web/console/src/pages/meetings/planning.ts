import type { Schemas } from '@gonghui/api';
import { dateTime } from '@gonghui/ui';

export type Entry = Schemas['CalendarEntry'];

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

/** How a meeting repeats, as a form shows it. */
export interface RepeatValues {
  kind: 'once' | 'daily' | 'weekly' | 'monthly_day' | 'monthly_weekday';
  every: number;
  weekdays: string[];
  end: 'count' | 'until';
  count: number;
  until?: string;
}

export const once: RepeatValues = { kind: 'once', every: 1, weekdays: [], end: 'count', count: 10 };

/** What the form says of the repetition, as the server takes it; nothing for a meeting that takes place once. */
export function repeatOf(values: RepeatValues | undefined, day: string): Schemas['Repeat'] | undefined {
  if (!values || values.kind === 'once') return undefined;
  const { kind, every, end, count, until } = values;
  const own = weekdays[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7] ?? 'MO';
  const on = kind === 'weekly' ? [...new Set([own, ...(values.weekdays ?? [])])] : [];
  return {
    kind,
    every: every ?? 1,
    weekdays: on,
    count: end === 'count' ? count : 0,
    until: end === 'until' ? (until ?? '') : '',
  };
}

/** Whom an invitation reaches beyond those named. */
export interface TargetValues {
  groups?: string[];
  bodies?: string[];
  subtrees?: string[];
}

export function targetsOf({ groups = [], bodies = [], subtrees = [] }: TargetValues, audience: boolean) {
  const role = audience ? 'audience' : 'speaker';
  const target = (kind: string, groupId: string, bodyCode: string) => ({
    kind,
    groupId,
    bodyCode,
    role,
    name: '',
    told: 0,
  });
  return [
    ...groups.map((id) => target('group', id, '')),
    ...bodies.filter((code) => !subtrees.includes(code)).map((code) => target('body', '', code)),
    ...subtrees.map((code) => target('subtree', '', code)),
  ];
}

export const targetValuesOf = (targets: readonly Schemas['Target'][]): Required<TargetValues> => ({
  groups: targets.filter((one) => one.kind === 'group').map((one) => one.groupId),
  bodies: targets.filter((one) => one.kind === 'body').map((one) => one.bodyCode),
  subtrees: targets.filter((one) => one.kind === 'subtree').map((one) => one.bodyCode),
});

/** Days of a month or a week, as YYYY-MM-DD. A month is shown in whole weeks. */
export function daysOf(view: 'month' | 'week', day: string): string[] {
  const first = new Date(`${view === 'month' ? `${day.slice(0, 7)}-01` : day}T00:00:00Z`);
  const monday = moved(iso(first), -((first.getUTCDay() + 6) % 7));
  if (view === 'week') return run(monday, 7);
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0));
  const weeks = Math.ceil((((first.getUTCDay() + 6) % 7) + last.getUTCDate()) / 7);
  return run(monday, 7 * weeks);
}

const iso = (at: Date) => at.toISOString().slice(0, 10);

/** A day so many days later. */
export const moved = (day: string, by: number) => {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + by);
  return iso(at);
};

const run = (from: string, days: number) => Array.from({ length: days }, (_, n) => moved(from, n));

/** The day one step before or after: a week, or the first of another month. */
export function stepped(view: 'month' | 'week', day: string, by: 1 | -1): string {
  if (view === 'week') return moved(day, 7 * by);
  const at = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() + by);
  return iso(at);
}

/** The day of a moment in Asia/Shanghai. */
export const dayOf = (at: string | Date) => dateTime(at).slice(0, 10);

/** Where a meeting is entered: that of another body by way of the own host, which says there who comes. */
export const wayTo = ({ number, bodyCode }: Pick<Entry, 'number' | 'bodyCode'>) =>
  `/meet/${number}${bodyCode ? `?for=${encodeURIComponent(bodyCode)}` : ''}`;

export const isAhead = ({ state, startsAt, minutes }: Entry, now: number) =>
  state === 'live' || (state === 'planned' && new Date(startsAt ?? 0).getTime() + minutes * 60_000 > now);

/** The time between beginning and end, as in 14:00–15:30. */
export const span = ({ startsAt, minutes }: Entry) =>
  [0, minutes * 60_000].map((by) => dateTime(new Date(new Date(startsAt ?? 0).getTime() + by)).slice(11)).join('–');
