import type { Tone } from '@gonghui/ui';
import { type BodyApp, type Channel, open } from './app.ts';

/**
 * Where a channel stands, in one word: what there is to do about it follows from it.
 *
 * - `none`: nothing was built
 * - `working`: a build is under way
 * - `failed`: the newest build failed
 * - `ready`: built, and not yet given to anybody
 * - `staged`: goes to a share of the devices
 * - `update`: what people have is not what the body looks like today
 * - `current`: people have what there is
 * - `made`: built, for the administrators alone
 */
export type Standing = 'none' | 'working' | 'failed' | 'ready' | 'staged' | 'update' | 'current' | 'made';

export const tones: Record<Standing, Tone> = {
  none: 'plain',
  working: 'note',
  failed: 'bad',
  ready: 'warn',
  staged: 'note',
  update: 'warn',
  current: 'good',
  made: 'good',
};

/** Whether the newest build is newer than what people are offered. */
function ahead({ last, release, staged }: Channel): boolean {
  const offered = staged ?? release;
  if (!last || !offered) return true;
  if (last.versionCode > 0 && offered.versionCode > 0) return last.versionCode > offered.versionCode;
  return last.queuedAt > offered.publishedAt;
}

export function standing(channel: Channel): Standing {
  const { last, release, staged } = channel;
  if (open(last)) return 'working';
  if (last?.state === 'failed') return 'failed';
  const done = last?.state === 'done' && !last.trial;
  if (!channel.public) return !done ? 'none' : channel.changed ? 'update' : 'made';
  if (done && !last.published && ahead(channel)) return 'ready';
  if (staged) return 'staged';
  if (!release) return 'none';
  return channel.changed ? 'update' : 'current';
}

/** Whether a channel waits for something that the body has to say first: a mini-program is built for an AppID. */
export const wants = (app: Pick<BodyApp, 'wechatAppId'>, { channel }: Channel): boolean =>
  channel === 'miniprogram' && !app.wechatAppId;

/** The channels that a press on one button builds. */
export function due(app: BodyApp): string[] {
  return app.channels
    .filter((one) => ['none', 'update', 'failed'].includes(standing(one)) && !wants(app, one))
    .map(({ channel }) => channel);
}

/** How far all that is under way has come, in percent; null while nothing is. */
export function progressOf(channels: Channel[]): number | null {
  const working = channels.flatMap(({ last }) => (last && open(last) ? [last.progress] : []));
  if (working.length === 0) return null;
  return Math.floor(working.reduce((sum, one) => sum + one, 0) / working.length);
}
