import { api, type Full, type Schemas, take } from '@gonghui/api';
import type { T, Tone } from '@gonghui/ui';
import { meetingKeys } from './meetings.ts';

export type Recording = Full<Schemas['Recording']>;

export const recordingKeys = { list: [...meetingKeys.list, 'recordings'] };

export const recordingTones: Readonly<Record<string, Tone>> = {
  recording: 'good',
  waiting: 'note',
  composing: 'note',
  ready: 'plain',
  failed: 'bad',
  cancelled: 'plain',
};

/** 1:02:03, or 2:03 */
export function lasting(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export const stateWords = (one: Recording, t: T) => t(`recordings.states.${one.state}`, { percent: one.percent });

/** Milliseconds between two looks while something of a recording moves; false while nothing does. */
export const moving = (rows: readonly Recording[]) =>
  rows.some((one) => ['recording', 'waiting', 'composing'].includes(one.state)) ? 5000 : false;

/** An address at which the film can be had for a while, and what is to be shown over it. */
export const address = (id: string, download: boolean) =>
  take(api.POST('/v1/recordings/{id}:play', { params: { path: { id } }, body: { id, download } }));
