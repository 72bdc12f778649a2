/** The layers of a camera's picture, the smallest first, as the server wants them (1280×720 at most). */
export const cameraLayers: readonly RTCRtpEncodingParameters[] = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000, maxFramerate: 15 },
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000, maxFramerate: 25 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_700_000, maxFramerate: 25 },
];

/** Those of a shared screen: text stays sharp in both, the small one moves less. */
export const screenLayers: readonly RTCRtpEncodingParameters[] = [
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 400_000, maxFramerate: 5 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 2_500_000, maxFramerate: 15 },
];

/** Pixels from which on Chromium makes two layers of a picture, and three: of a smaller one it makes the first of them alone. */
const TWO = 0.9 * 480 * 270;
const THREE = 0.9 * 960 * 540;

/**
 * fitted changes layers to what a picture of a size is worth: the largest layer that is made is always the picture as it is. Otherwise the
 * camera of an old computer (640×480) would go out at half its size, and a small one (320×240) at a quarter. Layers that are not made
 * are off.
 */
export function fitted(
  layers: readonly RTCRtpEncodingParameters[],
  width: number,
  height: number,
): RTCRtpEncodingParameters[] {
  const pixels = width * height;
  const made = Math.min(layers.length, pixels >= THREE ? 3 : pixels >= TWO ? 2 : 1);
  return layers.map((layer, i) => {
    const { rid } = layer;
    if (i >= made) return { ...layer, scaleResolutionDownBy: 1, active: false };
    // What a layer may cost goes by its place from the top, but the smallest is always one that a narrow way (300 kbit/s) carries.
    const costs = layers[i === 0 ? 0 : i + layers.length - made] ?? layer;
    return { ...costs, rid, scaleResolutionDownBy: 2 ** (made - 1 - i), active: true };
  });
}

/**
 * Which layers are worth sending when the picture is shown at `wanted` device pixels of height at most: the smallest that is high
 * enough, and those below it for smaller places. 0: nobody looks, nothing is sent.
 */
export function worthSending(layers: readonly RTCRtpEncodingParameters[], captured: number, wanted: number): boolean[] {
  const heights = layers.map((layer) => captured / (layer.scaleResolutionDownBy ?? 1));
  return layers.map((layer, i) => layer.active !== false && wanted > 0 && (i === 0 || (heights[i - 1] ?? 0) < wanted));
}
