import { useT } from '@gonghui/ui/base';
import { useContext, useState } from 'react';
import { Dialog } from '../parts/Dialog.tsx';
import type { MenuAct } from '../parts/Menu.tsx';
import { RecordIcon } from '../parts/RecordIcon.tsx';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import { leads, ownPerson } from '../room/state.ts';
import { AskContext } from './usePersonActs.tsx';

const at = (moment: number) => new Date(moment).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' });

/** The mark that everybody sees while a meeting is recorded. Breakout rooms are not. */
export function RecordMark() {
  const t = useT();
  const { room, inside } = useSnapshot(useRoom()).state;
  const { recording } = room;
  return (
    <span role="status" className="record-status">
      {recording && inside.breakout && (
        <span className="record-mark" title={t('meet.record.outsideTitle')}>
          {t('meet.record.outside')}
        </span>
      )}
      {recording && !inside.breakout && (
        <span className="record-mark" title={t('meet.record.since', { name: recording.by, at: at(recording.began) })}>
          <span className="record-dot" aria-hidden="true" />
          {t('meet.record.mark')}
        </span>
      )}
    </span>
  );
}

/** What who holds the meeting may do about recording; nothing for others. */
export function useRecordActs(): MenuAct[] {
  const t = useT();
  const { ask } = useContext(AskContext);
  const { state } = useSnapshot(useRoom());
  if (!state.mayRecord || !leads(ownPerson(state))) return [];
  const on = state.room.recording !== null;
  const how = on ? 'stop' : 'begin';
  return [
    {
      key: 'record',
      text: t(`meet.record.${how}`),
      icon: <RecordIcon on={on} />,
      run: () =>
        ask({
          title: t(`meet.record.${how}Title`),
          body: t(`meet.record.${how}Body`),
          text: t(`meet.record.${how}Do`),
          tone: on ? 'bad' : 'main',
          act: { do: 'record', on: !on },
        }),
    },
  ];
}

/** Asks whether the person agrees to be recorded, and tells what follows from the answer while it holds. */
export function Consent() {
  const t = useT();
  const room = useRoom();
  const { state } = useSnapshot(room);
  const [later, setLater] = useState('');
  const { recording } = state.room;
  const consent = ownPerson(state)?.consent;
  // Breakout rooms are not recorded: who is in one is asked when they come back.
  if (!recording || state.inside.breakout || consent === undefined || consent === 'agreed') return null;
  const asked = later === recording.id;
  const answer = (agree: boolean) => {
    setLater(recording.id);
    void room.consent(agree).catch(() => undefined);
  };
  if (consent === '' && !asked)
    return (
      <Dialog title={t('meet.record.askTitle')} close={() => setLater(recording.id)}>
        <div className="dialog-body">
          <p>{t('meet.record.askBody', { name: recording.by })}</p>
          <p className="help">{t('meet.record.askKept')}</p>
        </div>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={() => void room.leave()}>
            {t('meet.record.leave')}
          </button>
          <button type="button" className="button" onClick={() => answer(false)}>
            {t('meet.record.decline')}
          </button>
          <button type="button" className="button main" onClick={() => answer(true)}>
            {t('meet.record.agree')}
          </button>
        </footer>
      </Dialog>
    );
  return (
    <div className="hint" role="status">
      <RecordIcon on />
      <p>{t(consent === '' ? 'meet.record.open' : 'meet.record.declined')}</p>
      {consent === '' ? (
        <button type="button" className="button small" onClick={() => setLater('')}>
          {t('meet.record.answer')}
        </button>
      ) : (
        <button type="button" className="button small" onClick={() => answer(true)}>
          {t('meet.record.agree')}
        </button>
      )}
    </div>
  );
}
