import { describe, expect, test } from 'vitest';
import { pace, type Sample, sampled } from './pace.ts';

const at = (seconds: number, done: number): Sample => ({ at: seconds * 1000, done });

describe('sampled', () => {
  test('forgets what is more than ten seconds old', () =>
    expect(sampled([at(0, 0), at(5, 50)], at(11, 110))).toEqual([at(5, 50), at(11, 110)]));
  test('begins anew with a new step', () => expect(sampled([at(0, 900), at(1, 1000)], at(2, 3))).toEqual([at(2, 3)]));
});

describe('pace', () => {
  test.each<[string, Sample[], number, ReturnType<typeof pace>]>([
    ['nothing yet', [], 10, null],
    ['one look says nothing', [at(0, 100)], 1000, null],
    ['too short a span says nothing', [at(0, 0), at(1, 500)], 1000, null],
    ['no headway says nothing', [at(0, 10), at(5, 10)], 1000, null],
    ['500 a second', [at(0, 0), at(2, 1000)], 10_000, { rate: 500, left: 18 }],
    ['never less than nothing left', [at(0, 0), at(2, 100)], 50, { rate: 50, left: 0 }],
  ])('%s', (_, samples, all, want) => expect(pace(samples, all)).toEqual(want));
});
