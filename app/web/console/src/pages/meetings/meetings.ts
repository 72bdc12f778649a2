import { api, type Full, type Schemas, take } from '@gonghui/api';
import type { Tone } from '@gonghui/ui';
import { dateTime, type T } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import type { ItemValues } from './agenda.ts';
import { type RemindingValues, remindingOf } from './arrange.ts';
import { type RepeatValues, repeatOf, type TargetValues, targetsOf, targetValuesOf } from './planning.ts';

export type Meeting = Full<Schemas['Meeting']>;

export const meetingKeys = { list: ['meetings'] };

/** How long meetings are planned for, in minutes. */
export const lengths = [30, 45, 60, 90, 120, 180, 240, 480];

/** Who may come, from the usual to the widest. */
export const openings = ['body', 'bodies', 'invited', 'anyone'] as const;

export const tones: Readonly<Record<string, Tone>> = {
  planned: 'note',
  live: 'good',
  ended: 'plain',
  cancelled: 'plain',
};

export function useMeeting(id: string | null) {
  return useQuery({
    queryKey: [...meetingKeys.list, 'one', id],
    enabled: id !== null,
    queryFn: () => take(api.GET('/v1/meetings/{id}', { params: { path: { id: id ?? '' } } })),
    // Who is in it changes while it goes on.
    refetchInterval: ({ state }) => (state.data?.state === 'live' ? 10_000 : false),
  });
}

/** 123 456 7890 */
export const spaced = (number: string) => number.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3');

export interface PlanValues extends TargetValues {
  title: string;
  day: string;
  time: string;
  minutes: number;
  openTo: string;
  waitingRoom: boolean;
  password: string;
  audience: boolean;
  watermark: boolean;
  invitees: string[];
  cohosts: string[];
  repeat?: RepeatValues;
  /** Of a new meeting that is planned. */
  agenda?: ItemValues[];
  /** Of a recurring meeting: all after it change as well. */
  following?: boolean;
  reminding?: RemindingValues;
  placeId?: string;
  taken?: string;
}

/** The next full half hour after a moment, in Asia/Shanghai, as a form shows it. */
export function nextSlot(now: Date): { day: string; time: string } {
  const half = 30 * 60_000;
  const [day = '', time = ''] = dateTime(new Date((Math.floor(now.getTime() / half) + 1) * half)).split(' ');
  return { day, time };
}

/** A day and a time of Asia/Shanghai as a moment. */
export const momentOf = (day: string, time: string) => `${day}T${time}:00+08:00`;

/** planOf is what the form says, as the server takes it. Who is a co-host is not also invited as somebody else. */
export function planOf(values: PlanValues, instant: boolean) {
  const {
    day,
    time,
    cohosts,
    invitees,
    title,
    groups,
    bodies,
    subtrees,
    repeat,
    following: _,
    agenda: __,
    ...rest
  } = values;
  const helpers = cohosts ?? [];
  const role = values.audience ? 'audience' : 'speaker';
  return {
    ...rest,
    title: title.trim(),
    password: rest.password?.trim() ?? '',
    placeId: rest.placeId ?? '',
    taken: rest.taken ?? 'refuse',
    reminding: remindingOf(rest.reminding),
    ...(!instant && { startsAt: momentOf(day, time), repeat: repeatOf(repeat, day) }),
    targets: targetsOf({ groups, bodies, subtrees }, values.audience),
    invitees: [
      ...helpers.map((identityId) => ({ identityId, role: 'cohost' })),
      ...(invitees ?? []).filter((id) => !helpers.includes(id)).map((identityId) => ({ identityId, role })),
    ],
  };
}

/** valuesOf is a meeting as the form shows it. */
export function valuesOf(meeting: Meeting): PlanValues {
  const [day = '', time = ''] = dateTime(meeting.startsAt).split(' ');
  const of = (cohost: boolean) =>
    meeting.invitees.filter((one) => (one.role === 'cohost') === cohost).map((one) => one.identityId);
  const { title, minutes, openTo, waitingRoom, password, audience, watermark } = meeting;
  return {
    title,
    day,
    time,
    minutes,
    openTo,
    waitingRoom,
    password,
    audience,
    watermark,
    invitees: of(false),
    cohosts: of(true),
    ...targetValuesOf(meeting.targets),
    following: false,
    reminding: { before: meeting.reminding?.before ?? [], text: meeting.reminding?.text ?? false },
    placeId: meeting.place?.id,
    taken: 'refuse',
  };
}

/** What is sent to those who are to come. */
export function invitation(meeting: Meeting, t: T): string {
  const { title, startsAt, number, password, link, page } = meeting;
  return [
    t('meetings.invitation.title'),
    t('meetings.invitation.name', { title }),
    t('meetings.invitation.when', { when: dateTime(startsAt) }),
    t('meetings.invitation.number', { number: spaced(number) }),
    // The link of guests lets in without it.
    password && !link ? t('meetings.invitation.password', { password }) : '',
    t('meetings.invitation.link', { link: link || page }),
  ]
    .filter(Boolean)
    .join('\n');
}
