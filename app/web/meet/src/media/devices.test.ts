import { expect, test } from 'vitest';
import { absent, constraints, type Missing, whyMissing } from './devices.ts';

const able = { mediaDevices: { getUserMedia: () => Promise.reject() } };

test.each<[Missing | null, Parameters<typeof absent>]>([
  [null, [able, true, false]],
  ['insecure', [{}, false, false]],
  ['insecure', [{}, false, true]],
  ['wechat', [{}, true, true]],
  ['browser', [{ mediaDevices: {} }, true, false]],
])('%s', (why, given) => {
  expect(absent(...given)).toBe(why);
});

const thrown = (name: string) => Object.assign(new Error(name), { name });

test.each<[Missing, unknown]>([
  ['refused', thrown('NotAllowedError')],
  ['none', thrown('NotFoundError')],
  ['none', thrown('OverconstrainedError')],
  ['busy', thrown('NotReadableError')],
  ['failed', thrown('TypeError')],
  ['failed', 'odd'],
])('%s', (why, error) => {
  expect(whyMissing(error)).toBe(why);
});

test('a device that is gone is no reason to fail', () => {
  expect(constraints('camera', 'x')).toMatchObject({ video: { deviceId: { ideal: 'x' } } });
  expect(constraints('microphone', '')).not.toHaveProperty('audio.deviceId');
});
