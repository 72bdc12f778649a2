import { expect, test } from 'vitest';
import { cameraLayers, fitted, screenLayers, worthSending } from './layers.ts';

test.each([
  [0, [false, false, false]],
  [90, [true, false, false]],
  [180, [true, false, false]],
  [181, [true, true, false]],
  [360, [true, true, false]],
  [361, [true, true, true]],
  [2160, [true, true, true]],
])('a camera that is shown at %i', (wanted, layers) => {
  expect(worthSending(cameraLayers, 720, wanted)).toEqual(layers);
});

test('a screen is sent whole as soon as half of it is too little', () => {
  expect(worthSending(screenLayers, 1080, 540)).toEqual([true, false]);
  expect(worthSending(screenLayers, 1080, 720)).toEqual([true, true]);
});

test('layers stand from the smallest to the largest', () => {
  for (const layers of [cameraLayers, screenLayers]) {
    const scales = layers.map((layer) => layer.scaleResolutionDownBy ?? 1);
    expect(scales).toEqual([...scales].sort((a, b) => b - a));
  }
});

test.each([
  ['a camera of today', 1280, 720, [4, 2, 1], [150_000, 500_000, 1_700_000]],
  ['one held upright', 720, 1280, [4, 2, 1], [150_000, 500_000, 1_700_000]],
  ['an old one', 640, 480, [2, 1], [150_000, 1_700_000]],
  ['a very small one', 320, 240, [1], [150_000]],
])('%s goes out as it is, and smaller', (_, width, height, scales, bits) => {
  const layers = fitted(cameraLayers, width, height);
  expect(layers.map(({ rid }) => rid)).toEqual(['q', 'h', 'f']);
  const made = layers.filter(({ active }) => active);
  expect(made.map((layer) => layer.scaleResolutionDownBy)).toEqual(scales);
  expect(made.map((layer) => layer.maxBitrate)).toEqual(bits);
  expect(layers.slice(0, made.length)).toEqual(made);
});

test('a small window that is shared goes out whole', () => {
  expect(fitted(screenLayers, 400, 250).map(({ active }) => active)).toEqual([true, false]);
  expect(fitted(screenLayers, 1920, 1080).map((layer) => layer.scaleResolutionDownBy)).toEqual([2, 1]);
});

test('layers that are not made are never worth sending', () => {
  expect(worthSending(fitted(cameraLayers, 640, 480), 480, 2160)).toEqual([true, true, false]);
  expect(worthSending(fitted(cameraLayers, 320, 240), 240, 2160)).toEqual([true, false, false]);
});
