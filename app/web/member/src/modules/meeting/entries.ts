import { api, type Schemas, take } from '@gonghui/api';
import { dateTime } from '@gonghui/ui/base';
import { queryOptions } from '@tanstack/react-query';
import { keptQuery } from '../../kept.ts';

export type Entry = Schemas['CalendarEntry'];

/** Days that the page of meetings shows. */
export const DAYS = 30;

const DAY = 24 * 3600_000;

/** The day of a moment in Asia/Shanghai. */
export const dayOf = (at: number | string) => dateTime(new Date(at)).slice(0, 10);

/** Milliseconds between two looks: what begins is seen. */
const LOOK = 60_000;

async function entries(days: number) {
  const now = Date.now();
  const query = { from: dayOf(now), to: dayOf(now + days * DAY), pageSize: 200 };
  const reply = await take(api.GET('/v1/meetings:calendar', { params: { query } }));
  return reply.entries;
}

/** Today's meetings, kept for the time without a network. */
export const todayQuery = () => ({ ...keptQuery('meetings.today', () => entries(1)), refetchInterval: LOOK });

/** The meetings of the coming days, those of other bodies among them. */
export const calendarQuery = queryOptions({
  queryKey: ['meetings.ahead'],
  queryFn: () => entries(DAYS),
  refetchInterval: LOOK,
});

/** What is out of date when somebody has answered. */
export const calendarKeys = [['meetings.today'], ['meetings.ahead'], ['meetings.reminders']];

/** Where a meeting is entered: that of another body by way of the own host, which says there who comes. */
export const wayTo = ({ number, bodyCode }: Pick<Entry, 'number' | 'bodyCode'>) =>
  `/meet/${number}${bodyCode ? `?for=${encodeURIComponent(bodyCode)}` : ''}`;

/** The time between beginning and end, as in 14:00–15:30. */
export const span = ({ startsAt, minutes }: Entry) =>
  [0, minutes * 60_000].map((by) => dateTime(new Date(new Date(startsAt ?? 0).getTime() + by)).slice(11)).join('–');

/** Whether there is still somebody to come to: it is neither over nor called off. */
export const ahead = ({ state, startsAt, minutes }: Entry, now: number) =>
  state === 'live' || (state === 'planned' && new Date(startsAt ?? 0).getTime() + minutes * 60_000 > now);
