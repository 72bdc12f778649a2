import type { Browser, Report, System } from '../signal/inside.ts';
import { rates, type Sample } from './stats.ts';

/** What the largest pictures are, and how unevenly things come: of one look at the connection. */
export interface Sizes {
  heightUp: number;
  heightDown: number;
  /** Milliseconds. */
  jitter: number;
}

type Seen = { type: string; [key: string]: unknown };
const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** sizes reads what getStats() says of pictures and jitter. */
export function sizes(reports: Iterable<Seen>): Sizes {
  const out: Sizes = { heightUp: 0, heightDown: 0, jitter: 0 };
  for (const one of reports) {
    if (one.type === 'inbound-rtp') {
      out.heightDown = Math.max(out.heightDown, number(one.frameHeight));
      out.jitter = Math.max(out.jitter, number(one.jitter) * 1000);
    }
    if (one.type === 'outbound-rtp' && number(one.framesPerSecond) > 0)
      out.heightUp = Math.max(out.heightUp, number(one.frameHeight));
  }
  return out;
}

/** The family of a browser, out of what it says of itself. */
export function browserOf(agent: string): Browser {
  if (/MicroMessenger/i.test(agent)) return 'wechat';
  if (/Edg(e|A|iOS)?\//.test(agent)) return 'edge';
  if (/Firefox\/|FxiOS\//.test(agent)) return 'firefox';
  if (/Chrome\/|CriOS\/|Chromium\//.test(agent)) return 'chrome';
  return /Safari\//.test(agent) ? 'safari' : 'other';
}

/** The family of a system, out of what the browser says of itself. */
export function systemOf(agent: string): System {
  if (/OpenHarmony|HarmonyOS/.test(agent)) return 'harmony';
  if (/Android/.test(agent)) return 'android';
  if (/iPhone|iPad|iPod/.test(agent)) return 'ios';
  if (/Windows/.test(agent)) return 'windows';
  if (/Mac OS X|Macintosh/.test(agent)) return 'mac';
  return /Linux|X11/.test(agent) ? 'linux' : 'other';
}

const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));

/** reportOf is what the server is told of the time between two samples. */
export function reportOf(before: Sample, now: Sample, at: Sizes, agent: string): Report {
  const rate = rates(before, now);
  return {
    lossUp: within(rate.lossUp * 1000, 1000),
    lossDown: within(rate.lossDown * 1000, 1000),
    rtt: within(rate.rtt * 1000, 60_000),
    jitter: within(at.jitter, 60_000),
    concealed: within(rate.concealed * 1000, 1000),
    freezes: within(rate.freezes, 10_000),
    up: within(rate.up / 1000, 1_000_000),
    down: within(rate.down / 1000, 1_000_000),
    heightDown: within(at.heightDown, 8640),
    heightUp: within(at.heightUp, 8640),
    browser: browserOf(agent),
    system: systemOf(agent),
  };
}
