import { expect, test } from 'vitest';
import { findings, type Quality } from './quality.ts';

const quality = (more: Partial<Quality>): Quality =>
  ({ samples: 60, lossUp: 0, lossDown: 0, rtt: 40, concealed: 0, freezes: 0, ...more }) as Quality;

test.each([
  [{}, ['fine']],
  [{ lossUp: 120 }, ['up']],
  [{ lossUp: 49, lossDown: 51, concealed: 90 }, ['down']],
  [{ concealed: 90, rtt: 400 }, ['delay', 'concealed']],
  [{ freezes: 19 }, ['fine']],
  [{ freezes: 20 }, ['freezes']],
] as const)('%o', (more, keys) => {
  expect(findings(quality(more)).map((one) => one.key)).toEqual(keys);
});

test('the figure is said in percent', () => {
  expect(findings(quality({ lossUp: 124 }))).toEqual([{ key: 'up', percent: 12 }]);
});
