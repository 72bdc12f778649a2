import { useT } from '@gonghui/ui/base';
import { type ReactNode, useEffect, useState } from 'react';
import { absent } from '../media/devices.ts';
import { CloseIcon } from '../parts/icons.tsx';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import { heldByConsent } from '../room/state.ts';

/** Milliseconds that something said once stays. */
const STAY = 6000;
/** What a host says to all rooms stays longer. */
const STAY_SAID = 20_000;

interface Said {
  id: string;
  text: string;
  gone: () => void;
  stay?: number;
}

/** What goes wrong and what to do about it, above the pictures: one thing at a time, the weightiest. */
export function Hints() {
  const t = useT();
  const room = useRoom();
  const { away, silent, askedToUnmute, unheard, hint, camera, missing, state } = useSnapshot(room);
  const [closed, setClosed] = useState('');
  useEffect(() => {
    if (!hint) setClosed('');
  }, [hint]);
  const lacks = (['microphone', 'camera'] as const).find((kind) => missing[kind]);
  const lack = lacks && `${lacks}.${missing[lacks]}`;
  if (away) return <Hint tone="bad">{t('meet.hint.away')}</Hint>;
  if (silent)
    return (
      <Hint tone="warn" acts={[{ text: t('meet.hint.play'), run: () => room.unlock() }]}>
        {t('meet.hint.silent')}
      </Hint>
    );
  if (askedToUnmute)
    return (
      <Hint
        tone="note"
        acts={[
          { text: t('meet.hint.unmute'), run: () => void room.setMicrophone(true) },
          { text: t('meet.hint.later'), run: () => room.dismissUnmute() },
        ]}
      >
        {t('meet.hint.unmuteAsked')}
      </Hint>
    );
  if (lack && lack !== closed)
    return (
      <Hint tone="warn" close={() => setClosed(lack)}>
        {t(absent() ? `meet.missing.${absent()}` : `meet.missing.${lack}`)}
      </Hint>
    );
  // Who did not agree to be recorded reads below why nobody hears them.
  if (unheard && !heldByConsent(state))
    return (
      <Hint tone="note" acts={[{ text: t('meet.hint.unmute'), run: () => void room.setMicrophone(true) }]}>
        {t('meet.hint.unheard')}
      </Hint>
    );
  if (hint && hint !== closed && hint !== 'gone') {
    const eased = camera && (hint === 'up' || hint === 'down');
    return (
      <Hint
        tone="warn"
        acts={eased ? [{ text: t('meet.hint.stopVideo'), run: () => void room.setCamera(false) }] : []}
        close={() => setClosed(hint)}
      >
        {t(`meet.hint.${hint}`)}
      </Hint>
    );
  }
  return null;
}

interface HintProps {
  tone: 'bad' | 'warn' | 'note';
  children: ReactNode;
  acts?: { text: string; run: () => void }[];
  close?: () => void;
}

function Hint({ tone, children, acts = [], close }: HintProps) {
  const t = useT();
  return (
    <div className={`hint ${tone}`} role="status">
      <p>{children}</p>
      {acts.map(({ text, run }) => (
        <button key={text} type="button" className="button small" onClick={run}>
          {text}
        </button>
      ))}
      {close && (
        <button type="button" className="plain" aria-label={t('meet.hint.close')} onClick={close}>
          <CloseIcon />
        </button>
      )}
    </div>
  );
}

/** What has just happened, said once. */
export function Notes({ said, open }: { said: Said[]; open: () => void }) {
  const t = useT();
  const room = useRoom();
  const { notes } = useSnapshot(room);
  const all: (Said & { door?: boolean })[] = [
    ...notes.map((note) => ({
      id: String(note.id),
      text: t(`meet.note.${note.what}`, { name: note.name ?? '', text: note.text ?? '' }),
      stay: note.what === 'said' ? STAY_SAID : STAY,
      gone: () => room.noted(note.id),
      door: note.what === 'knock',
    })),
    ...said,
  ];
  return (
    <div className="notes" role="status" aria-live="polite">
      {all.map(({ id, text, gone, door, stay }) => (
        <Note key={id} text={text} gone={gone} stay={stay} open={door ? open : undefined} />
      ))}
    </div>
  );
}

interface NoteProps {
  text: string;
  gone: () => void;
  stay?: number;
  open?: () => void;
}

function Note({ text, gone, stay = STAY, open }: NoteProps) {
  const t = useT();
  // biome-ignore lint/correctness/useExhaustiveDependencies: it stays as long as it was to stay when it came
  useEffect(() => {
    const timer = setTimeout(gone, stay);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="note">
      <span>{text}</span>
      {open && (
        <button
          type="button"
          className="link"
          onClick={() => {
            gone();
            open();
          }}
        >
          {t('meet.bar.people')}
        </button>
      )}
    </div>
  );
}
