import { expect, test } from 'vitest';
import { encoding, isPlainVP9, layered } from './svc.ts';

test.each([
  [3, true, 1, 'L3T3_KEY'],
  [2, true, 2, 'L2T3_KEY'],
  [1, true, 4, 'L1T3'],
  [0, false, 4, 'L1T3'],
])('%i layers of one stream', (worth, active, scaleResolutionDownBy, scalabilityMode) => {
  expect(encoding(worth)).toMatchObject({ active, scaleResolutionDownBy, scalabilityMode });
});

test('the profile that all have', () => {
  const vp9 = { mimeType: 'video/VP9', clockRate: 90000 };
  expect(isPlainVP9({ ...vp9, sdpFmtpLine: 'profile-id=0' })).toBe(true);
  expect(isPlainVP9({ ...vp9, sdpFmtpLine: 'profile-id=2' })).toBe(false);
  expect(isPlainVP9({ ...vp9, mimeType: 'video/VP8' })).toBe(false);
});

test('a browser that does not say how it codes sends several streams', async () => {
  expect(await layered()).toBe(false);
});
