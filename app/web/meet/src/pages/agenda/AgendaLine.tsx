import { useT } from '@gonghui/ui/base';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';
import { useNow } from '../inside/useInside.ts';
import { clock } from '../meeting.ts';
import './agenda.css';
import { leftOf } from './papers.ts';

/** The time that an item has left, or is over by. */
export function Left({ minutes, began }: { minutes: number; began: number }) {
  const t = useT();
  const left = leftOf(minutes, began, useNow(minutes > 0));
  if (!left) return null;
  return (
    <span className={`num${left.over ? ' bad' : ''}`}>
      {t(left.over ? 'meet.agenda.over' : 'meet.agenda.left', { time: clock(left.span) })}
    </span>
  );
}

/** Where the meeting is in its agenda, for all to see; leads to the rest of it. */
export default function AgendaLine({ open }: { open: () => void }) {
  const t = useT();
  const { agenda } = useSnapshot(useRoom()).state.room;
  return (
    <div className="agenda-line">
      <p role="status">
        <span className="agenda-place num">{t('meet.agenda.place', { place: agenda.place, items: agenda.items })}</span>{' '}
        <strong>{agenda.title}</strong>
      </p>
      <Left minutes={agenda.minutes} began={agenda.began} />
      <button type="button" className="link" onClick={open}>
        {t('meet.agenda.open')}
      </button>
    </div>
  );
}
