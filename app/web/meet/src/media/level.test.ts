import { expect, test } from 'vitest';
import { loudness, SPEAKING } from './level.ts';

const tone = (amplitude: number) => Float32Array.from({ length: 1024 }, (_, i) => amplitude * Math.sin(i / 3));

test('silence is nothing, speech is in between, a shout is all', () => {
  expect(loudness([])).toBe(0);
  expect(loudness(tone(0))).toBe(0);
  expect(loudness(tone(0.001))).toBe(0);
  expect(loudness(tone(0.05))).toBeGreaterThan(SPEAKING);
  expect(loudness(tone(0.05))).toBeLessThan(1);
  expect(loudness(tone(1))).toBe(1);
});
