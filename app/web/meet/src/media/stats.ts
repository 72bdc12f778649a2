/** What a connection has done so far, as the browser counts it; counts grow, the rest is of now. */
export interface Sample {
  /** Milliseconds. */
  at: number;
  /** Bytes and packets that came, over all places. */
  received: number;
  packets: number;
  lost: number;
  /** Packets that were sent, and the share of them that the server missed, 0 to 1. */
  sent: number;
  lostUp: number;
  /** Bytes that were sent. */
  out: number;
  /** Seconds to the server and back. */
  rtt: number;
  /** Seconds of sound that were played, and of them made up for want of packets. */
  played: number;
  concealed: number;
  /** Times that a picture stood still. */
  freezes: number;
  /** Why the own picture is worse than it could be: "none", "cpu", "bandwidth", "other". */
  limited: string;
}

/** How it goes, from one sample to the next. */
export interface Rates {
  /** Bits a second. */
  down: number;
  up: number;
  /** Shares, 0 to 1. */
  lossDown: number;
  lossUp: number;
  concealed: number;
  rtt: number;
  freezes: number;
  limited: string;
}

type Report = { type: string; [key: string]: unknown };

const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** sample adds up what getStats() says. */
export function sample(reports: Iterable<Report>, at: number): Sample {
  const sum: Sample = {
    at,
    received: 0,
    packets: 0,
    lost: 0,
    sent: 0,
    lostUp: 0,
    out: 0,
    rtt: 0,
    played: 0,
    concealed: 0,
    freezes: 0,
    limited: 'none',
  };
  let remote = 0;
  for (const report of reports) {
    switch (report.type) {
      case 'inbound-rtp':
        sum.received += number(report.bytesReceived);
        sum.packets += number(report.packetsReceived);
        sum.lost += Math.max(0, number(report.packetsLost));
        sum.played += number(report.totalSamplesReceived);
        // What is made up in silence is no fault.
        sum.concealed += Math.max(0, number(report.concealedSamples) - number(report.silentConcealedSamples));
        sum.freezes += number(report.freezeCount);
        break;
      case 'outbound-rtp':
        sum.sent += number(report.packetsSent);
        sum.out += number(report.bytesSent);
        if (report.qualityLimitationReason === 'cpu' || sum.limited === 'none')
          sum.limited = String(report.qualityLimitationReason ?? sum.limited);
        break;
      case 'remote-inbound-rtp':
        remote++;
        sum.lostUp += number(report.fractionLost);
        break;
      case 'candidate-pair':
        if (report.nominated && report.state === 'succeeded') sum.rtt = number(report.currentRoundTripTime);
        break;
    }
  }
  if (remote > 0) sum.lostUp /= remote;
  return sum;
}

const share = (part: number, whole: number) => (whole > 0 ? Math.min(1, Math.max(0, part) / whole) : 0);

/** rates tells how it went between two samples of the same connection. */
export function rates(before: Sample, now: Sample): Rates {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000);
  const packets = now.packets - before.packets;
  const lost = now.lost - before.lost;
  return {
    down: Math.max(0, ((now.received - before.received) * 8) / seconds),
    up: Math.max(0, ((now.out - before.out) * 8) / seconds),
    lossDown: share(lost, packets + Math.max(0, lost)),
    lossUp: now.lostUp,
    concealed: share(now.concealed - before.concealed, now.played - before.played),
    rtt: now.rtt,
    freezes: Math.max(0, now.freezes - before.freezes),
    limited: now.limited,
  };
}

/** What to tell the person, in the order of weight. */
export type Trouble = '' | 'gone' | 'up' | 'down' | 'delay' | 'cpu';

/** trouble reads one moment. Bounds: sound breaks up from 6 % made up on; talk gets hard from 400 ms to the server and back on. */
export function trouble(r: Rates, camera: boolean): Trouble {
  if (r.lossUp > 0.12) return 'up';
  if (r.concealed > 0.06 || r.lossDown > 0.12 || r.freezes > 1) return 'down';
  if (r.rtt > 0.4) return 'delay';
  if (camera && r.limited === 'cpu') return 'cpu';
  return '';
}

/** One to four bars. */
export function bars(r: Rates): 1 | 2 | 3 | 4 {
  const loss = Math.max(r.lossUp, r.lossDown, r.concealed);
  if (loss > 0.12 || r.rtt > 0.8) return 1;
  if (loss > 0.05 || r.rtt > 0.4) return 2;
  if (loss > 0.02 || r.rtt > 0.2) return 3;
  return 4;
}

/** What is shown, and how long the moments have said otherwise. */
export interface Hint {
  shown: Trouble;
  other: Trouble;
  times: number;
}

export const noHint: Hint = { shown: '', other: '', times: 0 };

/** Moments in a row before a hint comes, and before it goes: one bad second is no news, and a hint must not flicker. */
const TO_COME = 3;
const TO_GO = 5;

/** steady takes the next moment and says what is shown now. */
export function steady(hint: Hint, now: Trouble): Hint {
  if (now === hint.shown) return hint.times === 0 ? hint : { ...hint, other: '', times: 0 };
  const times = now === hint.other ? hint.times + 1 : 1;
  if (times >= (now === '' ? TO_GO : TO_COME)) return { shown: now, other: '', times: 0 };
  return { shown: hint.shown, other: now, times };
}
