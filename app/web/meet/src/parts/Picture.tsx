import { useEffect, useRef, useState } from 'react';

interface Props {
  track: MediaStreamTrack | null;
  label: string;
  /** The own picture is shown as a mirror shows it. */
  mirror?: boolean;
  /** All of it is shown; otherwise it fills its box. */
  whole?: boolean;
  /** Whose picture the place shows: when that changes, the last picture of the one before is not shown any more. */
  of?: string;
}

/** A picture that moves. Until its first frame has come there is nothing to see, so that what is behind it shows. */
export function Picture({ track, label, mirror = false, whole = false, of = '' }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const [shown, setShown] = useState('');
  const now = `${track?.id ?? ''} ${of}`;
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = track ? new MediaStream([track]) : null;
    if (track) void element.play().catch(() => undefined);
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  useEffect(() => {
    const element = video.current;
    if (!element || !track) return;
    let over = false;
    const come = () => {
      if (!over) setShown(now);
    };
    if ('requestVideoFrameCallback' in element) element.requestVideoFrameCallback(come);
    else (element as HTMLVideoElement).addEventListener('loadeddata', come, { once: true });
    return () => {
      over = true;
    };
  }, [track, now]);
  return (
    <video
      ref={video}
      className={`picture${mirror ? ' mirror' : ''}${whole ? ' whole' : ''}${shown === now ? ' shown' : ''}`}
      aria-label={label}
      data-of={of}
      muted
      playsInline
      autoPlay
    />
  );
}
