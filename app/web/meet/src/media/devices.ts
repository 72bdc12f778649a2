import { inWeChat, read, write } from '@gonghui/ui/base';

/** Why there is no camera or microphone, in a word for which the page knows what to do. */
export type Missing = 'insecure' | 'browser' | 'wechat' | 'refused' | 'none' | 'busy' | 'failed';

export type Kind = 'camera' | 'microphone' | 'speaker';

/** What the browser calls the kinds. */
const kinds: Record<Kind, MediaDeviceKind> = {
  camera: 'videoinput',
  microphone: 'audioinput',
  speaker: 'audiooutput',
};

export interface Device {
  id: string;
  label: string;
}

/** absent tells why this browser cannot give anything at all; null when it can be asked. */
export function absent(
  nav: { mediaDevices?: Partial<MediaDevices> } = navigator,
  secure = isSecureContext,
  wechat = inWeChat(),
): Missing | null {
  if (nav.mediaDevices?.getUserMedia) return null;
  if (!secure) return 'insecure';
  return wechat ? 'wechat' : 'browser';
}

/** whyMissing turns what getUserMedia throws into a word. */
export function whyMissing(thrown: unknown): Missing {
  const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

const key = (kind: Kind) => `meet.${kind}`;

/** The device that was chosen last on this device; empty for the browser's own choice. */
export const chosen = (kind: Kind): string => read(key(kind)) ?? '';
export const choose = (kind: Kind, id: string) => write(key(kind), id || null);

/** Whether camera or microphone were on when the person last came in. */
export const wasOn = (kind: 'camera' | 'microphone'): boolean => read(`meet.${kind}.on`) !== 'off';
export const keepOn = (kind: 'camera' | 'microphone', on: boolean) => write(`meet.${kind}.on`, on ? null : 'off');

/** What is asked for of a kind; a device that has been unplugged is no reason to fail. */
export function constraints(kind: 'camera' | 'microphone', id: string): MediaStreamConstraints {
  const device = id ? { deviceId: { ideal: id } } : {};
  return kind === 'camera'
    ? { video: { ...device, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 } } }
    : { audio: { ...device, echoCancellation: true, noiseSuppression: true, autoGainControl: true } };
}

/** capture opens a camera or a microphone; throws what the browser throws. */
export async function capture(kind: 'camera' | 'microphone', id = chosen(kind)): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia(constraints(kind, id));
  const track = stream.getTracks()[0];
  if (!track) throw new DOMException('no track', 'NotFoundError');
  track.contentHint = kind === 'camera' ? 'motion' : 'speech';
  return track;
}

/** A device that is open, or is being opened. */
export type Opening = MediaStreamTrack | Promise<MediaStreamTrack> | null;

/** listed names the devices there are. Labels are empty until the person has allowed one. */
export async function listed(): Promise<Record<Kind, Device[]>> {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  const of = (kind: Kind) =>
    all
      .filter((one) => one.kind === kinds[kind] && one.deviceId && one.deviceId !== 'communications')
      .map((one) => ({ id: one.deviceId, label: one.label }));
  return { camera: of('camera'), microphone: of('microphone'), speaker: of('speaker') };
}

/** Whether this browser lets a page choose where sound comes out. */
export const speakersToChoose = (): boolean =>
  typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;

/** Whether this browser can share a screen: phones cannot. */
export const screensToShare = (): boolean => typeof navigator.mediaDevices?.getDisplayMedia === 'function';

/** captureScreen asks which screen or window; sound comes with it where the browser has that. */
export async function captureScreen(): Promise<{ picture: MediaStreamTrack; sound: MediaStreamTrack | null }> {
  const stream = await navigator.mediaDevices.getDisplayMedia({
    video: { frameRate: { ideal: 15, max: 30 } },
    // What is played here again must not go back into the meeting.
    audio: { suppressLocalAudioPlayback: false } as MediaTrackConstraints,
  });
  const [picture] = stream.getVideoTracks();
  if (!picture) throw new DOMException('no track', 'NotFoundError');
  picture.contentHint = 'detail';
  return { picture, sound: stream.getAudioTracks()[0] ?? null };
}
