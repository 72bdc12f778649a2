import { inWeChat } from '@gonghui/ui/base';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { detector } from './detector.ts';

/** Milliseconds between two looks at the picture. */
const LOOK = 160;

export type CameraState = 'off' | 'starting' | 'on' | 'denied' | 'missing' | 'busy' | 'insecure' | 'wechat' | 'old';

/** Why there are no cameras at all: the address, WeChat's own browser, or one that is too old. */
function none(): CameraState {
  if (inWeChat()) return 'wechat';
  return window.isSecureContext ? 'old' : 'insecure';
}

function reason(thrown: unknown): CameraState {
  switch (thrown instanceof DOMException ? thrown.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    default:
      return 'busy';
  }
}

/**
 * useCamera shows the camera at the back in a video element and tells every QR code that it sees. Nothing is read while
 * the page is not in view, and the camera is let go when it is left.
 */
export function useCamera(
  wanted: boolean,
  attempt: number,
  seen: (code: string) => void,
): [RefObject<HTMLVideoElement | null>, CameraState] {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<CameraState>('off');
  const tell = useRef(seen);
  tell.current = seen;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt begins from the start
  useEffect(() => {
    if (!wanted) return setState('off');
    if (!navigator.mediaDevices) return setState(none());
    let here = true;
    let stream: MediaStream | null = null;
    let timer = 0;
    const look = async () => {
      const picture = video.current;
      if (!here || !picture) return;
      if (!document.hidden && picture.readyState >= picture.HAVE_CURRENT_DATA) {
        try {
          const [code] = await (await detector()).detect(picture);
          if (here && code?.rawValue) tell.current(code.rawValue);
        } catch {
          // One picture that could not be read; the next one comes at once.
        }
      }
      if (here) timer = window.setTimeout(look, LOOK);
    };
    setState('starting');
    void (async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({
          audio: false,
          video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
        });
        const picture = video.current;
        if (!here || !picture) {
          for (const track of stream.getTracks()) track.stop();
          return;
        }
        picture.srcObject = stream;
        await picture.play();
        await detector();
        if (!here) return;
        setState('on');
        void look();
      } catch (thrown) {
        if (here) setState(reason(thrown));
      }
    })();
    return () => {
      here = false;
      window.clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [wanted, attempt]);
  return [video, state];
}
