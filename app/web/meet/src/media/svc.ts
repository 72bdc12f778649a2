/**
 * One stream with several layers (SVC) instead of several streams: a third less goes up for the same pictures, but VP9 costs several times
 * the work of VP8. It is chosen where the browser says that it costs nothing: where it is coded in hardware, in these layers.
 */
let asked: Promise<boolean> | undefined;

export function layered(): Promise<boolean> {
  asked ??= ask().catch(() => false);
  return asked;
}

async function ask(): Promise<boolean> {
  const codecs = globalThis.RTCRtpSender?.getCapabilities?.('video')?.codecs ?? [];
  if (!codecs.some(isPlainVP9)) return false;
  const said = await navigator.mediaCapabilities.encodingInfo({
    type: 'webrtc',
    video: {
      contentType: 'video/VP9',
      width: 1280,
      height: 720,
      bitrate: BITRATE,
      framerate: 25,
      scalabilityMode: MODES[2],
    },
  });
  return said.supported && said.smooth && said.powerEfficient;
}

/** Profile 0 is the one that every VP9 decoder has. */
export const isPlainVP9 = ({ mimeType, sdpFmtpLine = '' }: RTCRtpCodec): boolean =>
  mimeType.toLowerCase() === 'video/vp9' && /(^|;)\s*profile-id=0/.test(sdpFmtpLine);

const BITRATE = 1_800_000;

/** By how many layers are worth sending. Those above the first need the ones below in whole pictures alone. */
const MODES = ['L1T3', 'L2T3_KEY', 'L3T3_KEY'] as const;

/** The encoding of a camera of which so many layers, of 180, 360 and 720 lines, are worth sending; none: it is not sent. */
export function encoding(worth: number): RTCRtpEncodingParameters & { scalabilityMode: string } {
  const layers = Math.max(1, Math.min(worth, 3));
  return {
    active: worth > 0,
    scaleResolutionDownBy: 2 ** (3 - layers),
    scalabilityMode: MODES[layers - 1] ?? MODES[0],
    maxBitrate: Math.round(BITRATE / 3 ** (3 - layers)),
    maxFramerate: 25,
  };
}
