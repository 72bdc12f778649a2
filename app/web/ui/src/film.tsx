import { useLayoutEffect, useRef, useState } from 'react';
import './film.css';
import { put } from './mark.ts';

interface Props {
  /** Where the film is; it answers ranges. */
  url: string;
  /** Who plays it: it lies over the picture, also when that fills the screen. */
  mark: string;
  label: string;
  words: { fill: string; failed: string };
}

/** A recording that is played, with who plays it over the picture. */
export function Film({ url, mark, label, words }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const [failed, fail] = useState(false);
  useLayoutEffect(() => (picture.current ? put(picture.current, mark) : undefined), [mark]);
  const fill = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    // The picture alone would fill the screen without what lies over it.
    else void box.current?.requestFullscreen?.().catch(() => undefined);
  };
  return (
    <div className="film" ref={box}>
      <div className="film-picture" ref={picture}>
        {/* biome-ignore lint/a11y/useMediaCaption: what is said in a meeting is in its minutes; nobody has written it down in time */}
        <video
          src={url}
          controls
          playsInline
          controlsList="nodownload noremoteplayback nofullscreen"
          disablePictureInPicture
          preload="metadata"
          aria-label={label}
          onContextMenu={(event) => event.preventDefault()}
          onDoubleClick={fill}
          onError={() => fail(true)}
        />
      </div>
      {failed && (
        <p className="film-failed" role="alert">
          {words.failed}
        </p>
      )}
      <button type="button" className="film-fill" onClick={fill}>
        {words.fill}
      </button>
    </div>
  );
}
