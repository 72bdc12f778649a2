import type { Full, Schemas } from '@gonghui/api';
import { dateTime, type Fact, type T } from '@gonghui/ui';
import type { CSSProperties } from 'react';
import type { Meeting } from './meetings.ts';

export type Place = Full<Schemas['MeetingPlace']>;
export type Booking = Full<Schemas['Booking']>;

export const placeKeys = { list: ['meetings', 'places'] };

/** Minutes before a meeting at which people can be reminded. */
export const leads = [10, 30, 60, 1440];

/** Reminders that one meeting has at most. */
export const MOST = 2;

export interface RemindingValues {
  before: number[];
  text: boolean;
}

/** What a new meeting begins with. */
export const usual: RemindingValues = { before: [30], text: false };

/** What the form says of reminders, as the server takes it. A text message needs a time at which it is sent. */
export function remindingOf(values: RemindingValues | undefined): Schemas['Reminding'] {
  const before = values?.before ?? usual.before;
  return { before, text: before.length > 0 && (values?.text ?? false) };
}

/** A room and where it is, with a dot between the two. */
export const spot = ({ name, location }: { name: string; location: string }) =>
  [name, location].filter(Boolean).join(' · ');

/** What is arranged around a meeting. */
export function arrangedFacts({ reminding, place }: Meeting, t: T): Fact[] {
  const before = (reminding?.before ?? []).map((lead) => t(`arrange.leads.${lead}`)).join(t('meetings.joinSep'));
  return [
    { label: t('arrange.place'), value: place ? spot(place) : t('arrange.noPlace') },
    {
      label: t('arrange.remind'),
      value: before ? (reminding?.text ? t('arrange.alsoText', { before }) : before) : t('arrange.noReminder'),
    },
  ];
}

/** The hours of a day that are drawn when nothing is booked outside them. */
const FIRST = 8;
const LAST = 20;

/** Hours of Asia/Shanghai since the beginning of a day; before it and behind its end, those of its edges. */
export function hourOn(day: string, at: string): number {
  const hours = (new Date(at).getTime() - new Date(`${day}T00:00:00+08:00`).getTime()) / 3_600_000;
  return Math.min(24, Math.max(0, hours));
}

/** From which to which hour a day is drawn, so that everything booked is on it. */
export function hoursOf(day: string, bookings: readonly Pick<Booking, 'startsAt' | 'endsAt'>[]): [number, number] {
  const from = bookings.map((one) => Math.floor(hourOn(day, one.startsAt)));
  const to = bookings.map((one) => Math.ceil(hourOn(day, one.endsAt)));
  return [Math.min(FIRST, ...from), Math.max(LAST, ...to)];
}

/** Where a booking stands on its line: from the left and how wide, in percent. */
export function bar(
  day: string,
  { startsAt, endsAt }: Pick<Booking, 'startsAt' | 'endsAt'>,
  [from, to]: [number, number],
) {
  const percent = (hours: number) => `${((hours / (to - from)) * 100).toFixed(2)}%`;
  const start = hourOn(day, startsAt);
  return { '--left': percent(start - from), '--width': percent(hourOn(day, endsAt) - start) } as CSSProperties;
}

/** The time of a booking, as in 14:00–15:30. */
export const spanOf = ({ startsAt, endsAt }: Pick<Booking, 'startsAt' | 'endsAt'>) =>
  [startsAt, endsAt].map((at) => dateTime(at).slice(11)).join('–');
