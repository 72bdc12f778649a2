import { expect, test } from 'vitest';
import { type Beat, beat, Pulse } from './pulse.ts';

/** Looks every half second: what has come and how often was asked at each. */
const dead = (looks: [came: number, asked: number][], rtt = 0.05) => {
  const pulse = new Pulse();
  return looks.map(([came, asked], i) => pulse.take({ at: i * 500, came, asked, rtt }));
};

test('the chosen pair is read, and nothing where the browser does not tell', () => {
  const pair = { type: 'candidate-pair', id: 'b', bytesReceived: 90, responsesReceived: 2, requestsSent: 3 };
  const reports = [
    { type: 'candidate-pair', id: 'a', requestsSent: 9 },
    { ...pair, currentRoundTripTime: 0.1 },
    { type: 'transport', id: 't', selectedCandidatePairId: 'b' },
  ];
  expect(beat(reports, 7)).toEqual<Beat>({ at: 7, came: 92, asked: 3, rtt: 0.1 });
  expect(beat(reports.slice(0, 2), 7)).toBeNull();
  expect(beat([{ ...pair, requestsSent: undefined }, reports[2] as never], 7)).toBeNull();
});

test('a way on which nothing comes is cut once a question is not answered in time', () => {
  // The last bytes at the second look, a question seen at the fourth.
  expect(
    dead([
      [10, 1],
      [20, 1],
      [20, 1],
      [20, 2],
      [20, 2],
      [20, 3],
    ]),
  ).toEqual([false, false, false, false, true, true]);
  // A slow way gets three times its time.
  expect(
    dead(
      [
        [10, 1],
        [10, 2],
        [10, 2],
        [10, 2],
        [10, 3],
      ],
      0.4,
    ),
  ).toEqual([false, false, false, false, true]);
});

test('a way on which nobody sends is not, nor one that loses some answers', () => {
  expect(
    dead([
      [10, 1],
      [10, 1],
      [10, 1],
      [10, 1],
      [10, 1],
    ]),
  ).not.toContain(true);
  expect(
    dead([
      [10, 1],
      [10, 2],
      [11, 2],
      [11, 2],
      [11, 3],
      [12, 3],
    ]),
  ).not.toContain(true);
  expect(
    dead([
      [10, 5],
      [30, 6],
      [50, 7],
      [70, 8],
    ]),
  ).not.toContain(true);
});

test('another pair, and another connection, count from nothing', () => {
  expect(
    dead([
      [10, 5],
      [10, 6],
      [10, 1],
      [10, 1],
    ]),
  ).not.toContain(true);
  const pulse = new Pulse();
  pulse.take({ at: 0, came: 1, asked: 1, rtt: 0 });
  pulse.take({ at: 500, came: 1, asked: 2, rtt: 0 });
  pulse.anew();
  expect(pulse.take({ at: 5000, came: 1, asked: 2, rtt: 0 })).toBe(false);
});
