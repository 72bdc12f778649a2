import { useT } from '@gonghui/ui/base';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';
import type { Caption } from '../../signal/inside.ts';

/** Characters of a line at most; the server takes no more. */
const LONGEST = 240;
/** Milliseconds between two tellings of what is being typed. */
const BEAT = 300;

/** Where the stenographer writes what is said. */
export default function WritePanel() {
  const t = useT();
  const room = useRoom();
  const { captions } = useSnapshot(room).state.inside;
  const [text, setText] = useState('');
  const [failed, setFailed] = useState(false);
  const [mending, mend] = useState<Caption | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const told = useRef('');
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (told.current === text) return;
      told.current = text;
      void room.ask({ write: { text, final: false } }).catch(() => undefined);
    }, BEAT);
    return () => clearTimeout(timer);
  }, [room, text]);
  const commit = async () => {
    const line = text.trim();
    if (!line) return;
    setFailed(false);
    setText('');
    told.current = '';
    try {
      await room.ask({ write: { text: line, final: true } });
    } catch {
      setFailed(true);
      setText((now) => now || line);
    }
  };
  const key = (event: KeyboardEvent) => {
    // Enter that ends the writing of a word finishes no line.
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void commit();
  };
  return (
    <div className="inside write-captions">
      <textarea
        ref={field}
        className="input"
        rows={4}
        maxLength={LONGEST}
        aria-label={t('meet.inside.captions.label')}
        placeholder={t('meet.inside.captions.hint')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={key}
      />
      <div className="inside-acts">
        <button type="button" className="button small main" disabled={!text.trim()} onClick={() => void commit()}>
          {t('meet.inside.captions.commit')}
        </button>
        {failed && (
          <span className="bad" role="alert">
            {t('meet.inside.captions.failed')}
          </span>
        )}
      </div>
      <h3>{t('meet.inside.captions.last')}</h3>
      {captions.length === 0 && <p className="quiet">{t('meet.inside.captions.none')}</p>}
      <ol className="rows">
        {captions.map((one) => (
          <li key={one.id} className="row">
            {mending?.id === one.id ? (
              <Mend line={mending} done={() => mend(null)} />
            ) : (
              <>
                <span className="row-text">{one.text}</span>
                <button
                  type="button"
                  className="link"
                  aria-label={`${t('meet.inside.captions.mend')}: ${one.text}`}
                  onClick={() => mend(one)}
                >
                  {t('meet.inside.captions.mend')}
                </button>
              </>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Mend({ line, done }: { line: Caption; done: () => void }) {
  const t = useT();
  const room = useRoom();
  const [text, setText] = useState(line.text);
  const [failed, setFailed] = useState(false);
  const save = () =>
    void room.ask({ write: { id: line.id, text: text.trim(), final: true } }).then(done, () => setFailed(true));
  return (
    <form
      className="mend"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) save();
      }}
    >
      <input
        className="input"
        // biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was pressed
        autoFocus
        maxLength={LONGEST}
        aria-label={t('meet.inside.captions.mended')}
        aria-invalid={failed}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') done();
        }}
      />
      <span className="inside-acts">
        <button type="submit" className="button small main" disabled={!text.trim()}>
          {t('meet.inside.captions.save')}
        </button>
        <button type="button" className="button small" onClick={done}>
          {t('meet.inside.captions.cancel')}
        </button>
      </span>
    </form>
  );
}
