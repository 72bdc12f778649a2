import { expect, test } from 'vitest';
import { browserOf, reportOf, sizes, systemOf } from './report.ts';
import { sample } from './stats.ts';

const up = (packets: number, lost: number, bytes: number) => [
  {
    type: 'inbound-rtp',
    packetsReceived: packets,
    packetsLost: lost,
    bytesReceived: bytes,
    frameHeight: 360,
    jitter: 0.012,
  },
  { type: 'outbound-rtp', bytesSent: bytes, packetsSent: packets, frameHeight: 720, framesPerSecond: 15 },
  { type: 'outbound-rtp', frameHeight: 1080, framesPerSecond: 0 },
  { type: 'remote-inbound-rtp', fractionLost: 0.125 },
  { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.08 },
];

test('ten seconds in numbers', () => {
  const report = reportOf(
    sample(up(1000, 0, 0), 0),
    sample(up(1900, 100, 1_250_000), 10_000),
    sizes(up(0, 0, 0)),
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0',
  );
  expect(report).toEqual({
    lossUp: 125,
    lossDown: 100,
    rtt: 80,
    jitter: 12,
    concealed: 0,
    freezes: 0,
    up: 1000,
    down: 1000,
    heightDown: 360,
    heightUp: 720,
    browser: 'edge',
    system: 'windows',
  });
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'firefox', 'linux'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1',
    'safari',
    'ios',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0',
    'wechat',
    'android',
  ],
  ['Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 Safari/537.36', 'chrome', 'harmony'],
  ['curl/8', 'other', 'other'],
])('%s', (agent, browser, system) => {
  expect([browserOf(agent), systemOf(agent)]).toEqual([browser, system]);
});
