import { expect, test } from 'vitest';
import { arrivals, arrived, type Inbound } from './move.ts';

const line = (mid: string, kind: string, n: number): Inbound => ({
  type: 'inbound-rtp',
  mid,
  kind,
  framesDecoded: kind === 'video' ? n : undefined,
  packetsReceived: n,
});

test('a picture has come when it was decoded, a sound when it was received', () => {
  const reports: Inbound[] = [
    { type: 'candidate-pair' },
    { ...line('1', 'video', 0), packetsReceived: 9 },
    line('2', 'video', 1),
    line('3', 'audio', 1),
    line('4', 'audio', 0),
  ];
  expect(arrived(reports)).toEqual(['2', '3']);
});

test('each line is told once, and waited for no longer than told', async () => {
  let looks = 0;
  const connection = {
    signalingState: 'stable' as const,
    getStats: async () =>
      new Map([
        ['a', line('1', 'video', looks++ > 1 ? 5 : 0)],
        ['b', line('2', 'audio', 3)],
      ]) as unknown as RTCStatsReport,
  };
  const told: string[] = [];
  await arrivals(connection, ['1'], (mid) => told.push(mid));
  expect(told).toEqual(['2', '1']);
  await arrivals(connection, ['1', '9'], () => undefined, 120);
  expect(looks).toBeGreaterThan(3);
});
