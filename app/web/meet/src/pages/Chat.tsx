import { dateTime, useT } from '@gonghui/ui/base';
import { type KeyboardEvent, lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import { leads, ownPerson } from '../room/state.ts';

const Attach = lazy(() => import('./agenda/Attach.tsx'));
const FileLine = lazy(() => import('./agenda/FileLine.tsx'));

/** Characters of a line at most; the server takes no more. */
const LONGEST = 480;
/** From how many left on they are counted. */
const NEAR = 60;

/** What everybody in the meeting reads. */
export function Chat() {
  const t = useT();
  const room = useRoom();
  const { state } = useSnapshot(room);
  const [text, setText] = useState('');
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);
  const list = useRef<HTMLOListElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const low = useRef(true);
  const { lines, more } = state;
  const newest = lines.at(-1)?.id;
  useEffect(() => field.current?.focus(), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line moves the list, unless the person reads further up
  useLayoutEffect(() => {
    if (low.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [newest]);
  const open = state.room.chat || leads(ownPerson(state));
  const left = LONGEST - text.length;
  const send = async () => {
    const said = text.trim();
    if (!said || busy) return;
    setBusy(true);
    setFailed(false);
    low.current = true;
    try {
      await room.say(said);
      setText('');
    } catch {
      setFailed(true);
    } finally {
      setBusy(false);
    }
  };
  const key = (event: KeyboardEvent) => {
    // Enter that ends the writing of a word sends nothing.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <div className="chat">
      {lines.length === 0 && (
        <div className="chat-empty">
          <p>{t('meet.chat.empty')}</p>
          <p className="quiet">{t('meet.chat.emptyBody')}</p>
        </div>
      )}
      <ol
        ref={list}
        className="lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard
        tabIndex={0}
        aria-live="polite"
        aria-label={t('meet.chat.title')}
        onScroll={(event) => {
          const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
          low.current = scrollTop + clientHeight > scrollHeight - 40;
        }}
      >
        {more && (
          <li className="older">
            <button type="button" className="link" onClick={() => void room.recall().catch(() => undefined)}>
              {t('meet.chat.older')}
            </button>
          </li>
        )}
        {lines.map((line) => (
          <li key={line.id} className={line.participant === state.me ? 'own' : ''}>
            <p className="line-head">
              <span className="line-name">{line.participant === state.me ? t('meet.tile.you') : line.name}</span>
              <time className="num" dateTime={new Date(line.at).toISOString()}>
                {dateTime(new Date(line.at)).slice(11)}
              </time>
            </p>
            {line.file ? (
              <Suspense fallback={<p className="line-text">{line.text}</p>}>
                <FileLine file={line.file} />
              </Suspense>
            ) : (
              <p className="line-text">{line.text}</p>
            )}
          </li>
        ))}
      </ol>
      {open ? (
        <div className="write">
          <textarea
            ref={field}
            className="input"
            rows={2}
            maxLength={LONGEST}
            aria-label={t('meet.chat.label')}
            placeholder={t('meet.chat.hint')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={key}
          />
          <div className="write-foot">
            <Suspense>
              <Attach />
            </Suspense>
            <span className={failed ? 'bad' : 'quiet'} role={failed ? 'alert' : undefined}>
              {failed ? t('meet.chat.failed') : left < NEAR ? t('meet.chat.long', { left }) : ''}
            </span>
            <button
              type="button"
              className="button small main"
              disabled={!text.trim() || busy}
              onClick={() => void send()}
            >
              {t('meet.chat.send')}
            </button>
          </div>
        </div>
      ) : (
        <p className="chat-closed quiet">{t('meet.chat.closed')}</p>
      )}
    </div>
  );
}
