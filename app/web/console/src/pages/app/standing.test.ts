import { describe, expect, test } from 'vitest';
import type { BodyApp, Build, Channel, Release } from './app.ts';
import { due, progressOf, type Standing, standing } from './standing.ts';

const build = (of: Partial<Build>): Build =>
  ({ state: 'done', trial: false, published: false, versionCode: 2, queuedAt: '2026-11-22T10:00:00Z', ...of }) as Build;
const release = (of: Partial<Release>): Release =>
  ({ versionCode: 1, share: 100, publishedAt: '2026-11-22T09:00:00Z', ...of }) as Release;
const channel = (of: Partial<Channel>): Channel => ({
  channel: 'android',
  release: null,
  staged: null,
  last: null,
  changed: false,
  changes: [],
  public: true,
  ...of,
});

describe('standing', () => {
  test.each<[string, Partial<Channel>, Standing]>([
    ['nothing yet', {}, 'none'],
    ['in the queue', { last: build({ state: 'queued' }) }, 'working'],
    ['at work on the next one', { last: build({ state: 'running' }), release: release({}) }, 'working'],
    ['failed', { last: build({ state: 'failed' }), release: release({}) }, 'failed'],
    ['built and given to nobody', { last: build({}) }, 'ready'],
    ['built after what was published', { last: build({}), release: release({}), changed: true }, 'ready'],
    ['a trial is never ready', { last: build({ trial: true }) }, 'none'],
    [
      'to a share',
      { last: build({ published: true }), release: release({}), staged: release({ versionCode: 2 }) },
      'staged',
    ],
    ['as it is', { last: build({ published: true }), release: release({ versionCode: 2 }) }, 'current'],
    [
      'changed since',
      { last: build({ published: true }), release: release({ versionCode: 2 }), changed: true },
      'update',
    ],
    [
      'an older build, found again',
      { last: build({ versionCode: 1 }), release: release({ versionCode: 2 }) },
      'current',
    ],
    [
      'without version codes the time decides',
      { last: build({ versionCode: 0 }), release: release({ versionCode: 0, publishedAt: '2026-11-22T11:00:00Z' }) },
      'current',
    ],
    ['a cancelled build changes nothing', { last: build({ state: 'cancelled' }), release: release({}) }, 'current'],
    ['a project for the administrators', { public: false, last: build({}) }, 'made'],
    ['a project that is out of date', { public: false, last: build({}), changed: true }, 'update'],
  ])('%s', (_, of, want) => expect(standing(channel(of))).toBe(want));
});

test('what is due is built together, but a mini-program waits for its AppID', () => {
  const app = {
    wechatAppId: '',
    channels: [
      channel({}),
      channel({ channel: 'pwa', last: build({ published: true }), release: release({ versionCode: 2 }) }),
      channel({ channel: 'miniprogram', public: false }),
      channel({ channel: 'ios', public: false, last: build({ state: 'failed' }) }),
    ],
  } as BodyApp;
  expect(due(app)).toEqual(['android', 'ios']);
  expect(due({ ...app, wechatAppId: 'wx0123456789abcdef' })).toEqual(['android', 'miniprogram', 'ios']);
});

test('progress is that of what is under way', () => {
  expect(progressOf([channel({ last: build({ progress: 100 }) })])).toBeNull();
  expect(
    progressOf([
      channel({ last: build({ state: 'running', progress: 75 }) }),
      channel({ last: build({ state: 'queued', progress: 0 }) }),
      channel({}),
    ]),
  ).toBe(37);
});
