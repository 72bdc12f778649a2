import { fileSize, useT } from '@gonghui/ui/base';
import { useContext, useEffect, useRef, useState } from 'react';
import { FileIcon } from '../../parts/agendaIcons.tsx';
import { useRoom } from '../../parts/useRoom.ts';
import type { ChatFile } from '../../signal/agenda.ts';
import { AskContext } from '../usePersonActs.tsx';
import './agenda.css';
import { addressIn, isLookedAt, isPicture, keep } from './papers.ts';
import { Viewer } from './Viewer.tsx';

/** Bytes up to which a picture is shown in the chat itself. */
const PREVIEW = 5_000_000;

/** A file in the chat: what it is, and the way to it. */
export default function FileLine({ file }: { file: ChatFile }) {
  const t = useT();
  const room = useRoom();
  const { say } = useContext(AskContext);
  const [shown, show] = useState(false);
  const open = () => {
    if (isLookedAt(file.kind)) show(true);
    else
      addressIn(room, file.id, true).then(
        ({ url }) => keep(url),
        () => say(t('meet.files.openFailed')),
      );
  };
  return (
    <>
      <button type="button" className="file-line" onClick={open}>
        {isPicture(file.kind) && file.size <= PREVIEW ? <Preview file={file} /> : <FileIcon />}
        <span className="row-text">
          <span>{file.name}</span>
          <span className="row-sub num">{[file.kind.toUpperCase(), fileSize(file.size)].join(' · ')}</span>
        </span>
      </button>
      {shown && (
        <Viewer
          address={(download) => addressIn(room, file.id, download)}
          title={file.name}
          close={() => show(false)}
        />
      )}
    </>
  );
}

/** A small picture, asked for when it comes into sight. */
function Preview({ file }: { file: ChatFile }) {
  const room = useRoom();
  const box = useRef<HTMLSpanElement>(null);
  const [url, setUrl] = useState('');
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new IntersectionObserver(([one]) => {
      if (!one?.isIntersecting) return;
      observer.disconnect();
      addressIn(room, file.id).then(
        (address) => setUrl(address.url),
        () => undefined,
      );
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [room, file.id]);
  return (
    <span ref={box} className="file-preview">
      {url ? <img src={url} alt="" onError={() => setUrl('')} /> : <FileIcon />}
    </span>
  );
}
