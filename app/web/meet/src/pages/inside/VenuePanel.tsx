import { useT } from '@gonghui/ui/base';
import { useEffect } from 'react';
import { Face } from '../../parts/Face.tsx';
import { Picture } from '../../parts/Picture.tsx';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';
import { listens } from '../../room/inside.ts';
import type { Person } from '../../signal/messages.ts';
import { useTell } from './useInside.ts';

/** CSS pixels of a preview. */
const TALL = 96;

/** The director's desk: the venues with what each shows, and who has the floor. */
export default function VenuePanel() {
  const t = useT();
  const tell = useTell();
  const room = useRoom();
  const { state } = useSnapshot(room);
  const { venues } = state.inside;
  const of = (id: string) => state.persons.find((one) => one.participant === id);
  const subs = venues.subs.flatMap((id) => of(id) ?? []);
  const main = of(venues.main);
  const others = state.persons.filter(
    (one) => one.participant !== venues.main && !venues.subs.includes(one.participant) && !listens(one),
  );
  const seen = subs
    .filter((one) => one.camera && one.participant !== state.me)
    .map((one) => one.participant)
    .join(' ');
  useEffect(() => {
    const height = Math.round(TALL * devicePixelRatio);
    const ids = seen ? seen.split(' ') : [];
    room.preview(ids.map((participant) => ({ participant, source: 'camera', height, priority: 1 })));
    return () => room.preview([]);
  }, [room, seen]);
  const act = (what: 'main' | 'sub' | 'none' | 'call', participant: string) =>
    void tell({ venue: { do: what, participant } });
  if (!venues.on)
    return (
      <div className="inside">
        <p className="quiet">{t('meet.inside.venue.about')}</p>
        <button type="button" className="button main wide" onClick={() => void tell({ venue: { do: 'on' } })}>
          {t('meet.inside.venue.turnOn')}
        </button>
      </div>
    );
  return (
    <div className="inside">
      <p className="quiet">{t('meet.inside.venue.about')}</p>
      {main && (
        <section>
          <h3>{t('meet.inside.venue.main')}</h3>
          <ul className="rows">
            <li className="row">
              <Face name={main.name} id={main.participant} />
              <span className="row-text">
                <span className="row-name">{main.name}</span>
                <span className="row-sub">{main.body}</span>
              </span>
              <span className="tag on-air">{t('meet.inside.venue.calling')}</span>
            </li>
          </ul>
        </section>
      )}
      <section>
        <h3>{t('meet.inside.venue.subs', { count: subs.length })}</h3>
        {subs.length === 0 && <p className="quiet">{t('meet.inside.venue.none')}</p>}
        <ol className="venues">
          {subs.map((one, i) => (
            <Sub key={one.participant} person={one} no={i + 1} called={venues.called === one.participant} act={act} />
          ))}
        </ol>
      </section>
      {others.length > 0 && (
        <section>
          <h3>{t('meet.inside.venue.others')}</h3>
          <ul className="rows">
            {others.map((one) => (
              <li key={one.participant} className="row">
                <span className="row-text">
                  <span className="row-name">{one.name}</span>
                  <span className="row-sub">{[one.post, one.body].filter(Boolean).join(' · ')}</span>
                </span>
                <span className="inside-acts">
                  <button
                    type="button"
                    className="button small"
                    aria-label={`${t('meet.inside.venue.makeSub')}: ${one.name}`}
                    onClick={() => act('sub', one.participant)}
                  >
                    {t('meet.inside.venue.makeSub')}
                  </button>
                  <button
                    type="button"
                    className="button small"
                    aria-label={`${t('meet.inside.venue.makeMain')}: ${one.name}`}
                    onClick={() => act('main', one.participant)}
                  >
                    {t('meet.inside.venue.makeMain')}
                  </button>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <button type="button" className="button" onClick={() => void tell({ venue: { do: 'off' } })}>
        {t('meet.inside.venue.turnOff')}
      </button>
    </div>
  );
}

interface SubProps {
  person: Person;
  no: number;
  called: boolean;
  act: (what: 'main' | 'sub' | 'none' | 'call', participant: string) => void;
}

function Sub({ person, no, called, act }: SubProps) {
  const t = useT();
  const { state, views, tracks, picture } = useSnapshot(useRoom());
  const { participant, name, body, away, camera } = person;
  const view = views.find((one) => one.participant === participant && one.source === 'camera');
  const track = participant === state.me ? picture : view ? (tracks[view.mid] ?? null) : null;
  const stands = away ? 'away' : called ? 'calling' : camera ? 'ready' : 'dark';
  return (
    <li className={`venue${called ? ' called' : ''}`} data-participant={participant}>
      <div className="venue-picture">
        {camera && !away ? <Picture track={track} label={name} of="" /> : <Face name={name} id={participant} />}
      </div>
      <div className="row-text">
        <span className="row-name">
          <span className="num">{no}.</span> {name}
        </span>
        <span className="row-sub">{body}</span>
        <span className={`tag${called ? ' on-air' : ''}`}>{t(`meet.inside.venue.${stands}`)}</span>
        <span className="inside-acts">
          <button
            type="button"
            className={`button small${called ? '' : ' main'}`}
            aria-label={`${t(called ? 'meet.inside.venue.end' : 'meet.inside.venue.call')}: ${name}`}
            disabled={away && !called}
            onClick={() => act('call', called ? '' : participant)}
          >
            {t(called ? 'meet.inside.venue.end' : 'meet.inside.venue.call')}
          </button>
          <button
            type="button"
            className="button small"
            aria-label={`${t('meet.inside.venue.drop')}: ${name}`}
            onClick={() => act('none', participant)}
          >
            {t('meet.inside.venue.drop')}
          </button>
        </span>
      </div>
    </li>
  );
}
