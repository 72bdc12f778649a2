import { expect, test } from 'vitest';
import { bars, noHint, type Rates, rates, sample, steady, type Trouble, trouble } from './stats.ts';

const fine: Rates = {
  down: 1e6,
  up: 1e6,
  lossDown: 0,
  lossUp: 0,
  concealed: 0,
  rtt: 0.03,
  freezes: 0,
  limited: 'none',
};

test('reports of all lines are added up', () => {
  const now = sample(
    [
      { type: 'inbound-rtp', bytesReceived: 1000, packetsReceived: 90, packetsLost: 10, freezeCount: 1 },
      {
        type: 'inbound-rtp',
        bytesReceived: 500,
        packetsReceived: 50,
        packetsLost: -2,
        totalSamplesReceived: 48_000,
        concealedSamples: 5000,
        silentConcealedSamples: 200,
      },
      { type: 'outbound-rtp', packetsSent: 7, bytesSent: 700, qualityLimitationReason: 'bandwidth' },
      { type: 'outbound-rtp', packetsSent: 3, bytesSent: 300, qualityLimitationReason: 'cpu' },
      { type: 'outbound-rtp', packetsSent: 1, bytesSent: 100, qualityLimitationReason: 'none' },
      { type: 'remote-inbound-rtp', fractionLost: 0.2 },
      { type: 'remote-inbound-rtp', fractionLost: 0 },
      { type: 'candidate-pair', state: 'succeeded', nominated: true, currentRoundTripTime: 0.05 },
      { type: 'candidate-pair', state: 'waiting', nominated: false, currentRoundTripTime: 9 },
    ],
    2000,
  );
  expect(now).toMatchObject({
    received: 1500,
    packets: 140,
    lost: 10,
    out: 1100,
    lostUp: 0.1,
    rtt: 0.05,
    limited: 'cpu',
  });
  const before = { ...now, at: 0, received: 0, packets: 40, lost: 0, played: 0, concealed: 0, freezes: 0, out: 100 };
  expect(rates(before, now)).toMatchObject({ down: 6000, up: 4000, concealed: 0.1, freezes: 1 });
  expect(rates(before, now).lossDown).toBeCloseTo(10 / 110);
});

test('a connection that began anew counts from nothing', () => {
  const now = sample([], 2000);
  expect(rates({ ...now, at: 0, received: 9e9, lost: 50 }, now)).toMatchObject({ down: 0, lossDown: 0 });
});

test.each<[Trouble, Partial<Rates>, boolean]>([
  ['', {}, true],
  ['up', { lossUp: 0.2, rtt: 2 }, true],
  ['down', { concealed: 0.07 }, true],
  ['down', { freezes: 2 }, true],
  ['delay', { rtt: 0.5 }, true],
  ['cpu', { limited: 'cpu' }, true],
  ['', { limited: 'cpu' }, false],
  ['', { limited: 'bandwidth' }, true],
])('%s', (said, now, camera) => {
  expect(trouble({ ...fine, ...now }, camera)).toBe(said);
});

test.each([
  [4, {}],
  [3, { rtt: 0.3 }],
  [2, { lossDown: 0.1 }],
  [1, { lossUp: 0.3 }],
])('%i bars', (n, now) => {
  expect(bars({ ...fine, ...now })).toBe(n);
});

test('a hint comes after three bad moments and goes after five good ones', () => {
  const play = (moments: string) =>
    [...moments].reduce((hint, m) => steady(hint, m === '.' ? '' : m === 'd' ? 'down' : 'up'), noHint).shown;
  expect(play('dd')).toBe('');
  expect(play('dd.d')).toBe('');
  expect(play('ddd')).toBe('down');
  expect(play('ddd....')).toBe('down');
  expect(play('ddd....d....')).toBe('down');
  expect(play('ddd.....')).toBe('');
  expect(play('ddduuu')).toBe('up');
});
