import { useT } from '@gonghui/ui/base';
import { useContext } from 'react';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';
import { leftOf } from '../../room/inside.ts';
import { leads, ownPerson } from '../../room/state.ts';
import { clock } from '../meeting.ts';
import { AskContext } from '../usePersonActs.tsx';
import { useNow, useTell } from './useInside.ts';

/** From how many milliseconds left on it is said louder. */
const SOON = 60_000;

/** In which breakout room one is, how long that goes on, and the ways out. */
export function RoomsBanner({ choose }: { choose: () => void }) {
  const t = useT();
  const { state } = useSnapshot(useRoom());
  const { say } = useContext(AskContext);
  const tell = useTell();
  const { inside } = state;
  const { rooms, breakout } = inside;
  const now = useNow(rooms.open);
  if (!rooms.open) return null;
  const lead = leads(ownPerson(state));
  const left = leftOf(inside, now);
  const name = rooms.list.find((one) => one.id === breakout)?.name ?? '';
  if (!breakout && !left?.closing && (lead || !rooms.choice)) return null;
  const soon = left !== null && left.left < SOON;
  return (
    <div className={`hint breakout ${left?.closing ? 'warn' : 'note'}`} role="status">
      <p className={breakout && !left?.closing ? 'one-line' : undefined}>
        {left?.closing ? (
          t('meet.inside.rooms.closing', { seconds: Math.ceil(left.left / 1000) })
        ) : breakout ? (
          <>
            <strong>{t(lead ? 'meet.inside.rooms.visiting' : 'meet.inside.rooms.in', { name })}</strong>
            {left && (
              <span className={`num left${soon ? ' bad' : ''}`}>
                {t('meet.inside.rooms.left', { time: clock(left.left) })}
                {soon && <span className="unseen">{t('meet.inside.rooms.soon')}</span>}
              </span>
            )}
            {state.room.recording && <span className="record-outside">{t('meet.record.outsideBody')}</span>}
          </>
        ) : (
          t('meet.inside.rooms.pick')
        )}
      </p>
      <span className="hint-acts">
        {breakout && !lead && !left?.closing && (
          <button
            type="button"
            className="button small"
            onClick={() => {
              void tell({ breakout: { do: 'help' } }).then((done) => done && say(t('meet.inside.rooms.helped')));
            }}
          >
            {t('meet.inside.rooms.help')}
          </button>
        )}
        {rooms.choice && !lead && !left?.closing && (
          <button type="button" className="button small" onClick={choose}>
            {t('meet.inside.rooms.choose')}
          </button>
        )}
        {breakout && (
          <button
            type="button"
            className="button small"
            onClick={() => void tell({ breakout: { do: 'go', room: '' } })}
          >
            {t('meet.inside.rooms.back')}
          </button>
        )}
      </span>
    </div>
  );
}
