import { fileSize, useT } from '@gonghui/ui/base';
import { useContext, useEffect, useState } from 'react';
import { FileIcon } from '../../parts/agendaIcons.tsx';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';
import { leads, ownPerson } from '../../room/state.ts';
import type { Agenda, AgendaItem, Paper } from '../../signal/agenda.ts';
import { useTell } from '../inside/useInside.ts';
import { AskContext } from '../usePersonActs.tsx';
import { Left } from './AgendaLine.tsx';
import './agenda.css';
import { addressIn, isLookedAt, keep } from './papers.ts';
import { Viewer } from './Viewer.tsx';

/** What the meeting goes through, and the papers to it that are for the person. */
export default function AgendaPanel() {
  const t = useT();
  const room = useRoom();
  const { state } = useSnapshot(room);
  const tell = useTell();
  const { item, version } = state.room.agenda;
  const [agenda, setAgenda] = useState<Agenda | null>(null);
  const [failed, setFailed] = useState(false);
  const [shown, show] = useState<Paper | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is another agenda
  useEffect(() => {
    let over = false;
    room.ask({ agenda: { do: 'list' } }).then(
      (reply) => {
        if (over) return;
        setAgenda(reply.agenda ?? null);
        setFailed(false);
      },
      () => setFailed(!over),
    );
    return () => {
      over = true;
    };
  }, [room, version]);
  if (failed)
    return (
      <p className="inside bad" role="alert">
        {t('meet.agenda.failed')}
      </p>
    );
  if (!agenda) return <p className="inside quiet">{t('meet.agenda.loading')}</p>;
  const { items, papers } = agenda;
  const lead = leads(ownPerson(state));
  const at = items.findIndex((one) => one.id === item);
  const next = items[at + 1];
  const run = (id: string) => void tell({ agenda: { do: 'run', id } });
  const of = (id: string) => papers.filter((paper) => paper.itemId === id);
  return (
    <div className="inside agenda">
      {items.length === 0 && papers.length === 0 && (
        <p className="quiet">{t(lead ? 'meet.agenda.noneHost' : 'meet.agenda.none')}</p>
      )}
      {lead && items.length > 0 && (
        <div className="inside-acts">
          {next && (
            <button type="button" className="button small main" onClick={() => run(next.id)}>
              {t(at < 0 ? 'meet.agenda.begin' : 'meet.agenda.next')}
            </button>
          )}
          {at >= 0 && (
            <button type="button" className="button small" onClick={() => run('')}>
              {t('meet.agenda.stop')}
            </button>
          )}
        </div>
      )}
      <ol className="agenda-items">
        {items.map((one, i) => (
          <li key={one.id} aria-current={one.id === item ? 'step' : undefined}>
            <Item item={one} place={i + 1} run={lead && one.id !== item ? () => run(one.id) : undefined} />
            <Papers papers={of(one.id)} show={show} />
          </li>
        ))}
      </ol>
      {of('').length > 0 && (
        <section>
          <h3>{t('meet.agenda.papers')}</h3>
          <Papers papers={of('')} show={show} />
        </section>
      )}
      {shown && (
        <Viewer
          address={(download) => addressIn(room, shown.id, download)}
          title={shown.name}
          close={() => show(null)}
        />
      )}
    </div>
  );
}

function Item({ item, place, run }: { item: AgendaItem; place: number; run?: () => void }) {
  const t = useT();
  const { agenda } = useSnapshot(useRoom()).state.room;
  const facts = [item.presenter, item.minutes > 0 && t('meet.agenda.minutes', { count: item.minutes })].filter(Boolean);
  return (
    <div className="agenda-item">
      <span className="agenda-no num" aria-hidden="true">
        {place}
      </span>
      <div className="row-text">
        <span className="row-name">{item.title}</span>
        {facts.length > 0 && <span className="row-sub num">{facts.join(' · ')}</span>}
        {item.note && <span className="row-sub">{item.note}</span>}
        {agenda.item === item.id && (
          <span className="agenda-now">
            <span className="tag on-air">{t('meet.agenda.now')}</span>{' '}
            <Left minutes={agenda.minutes} began={agenda.began} />
          </span>
        )}
      </div>
      {run && (
        <button type="button" className="link" aria-label={t('meet.agenda.goTo', { title: item.title })} onClick={run}>
          {t('meet.agenda.go')}
        </button>
      )}
    </div>
  );
}

function Papers({ papers, show }: { papers: readonly Paper[]; show: (paper: Paper) => void }) {
  const t = useT();
  const room = useRoom();
  const { say } = useContext(AskContext);
  if (papers.length === 0) return null;
  const open = (paper: Paper) => {
    if (isLookedAt(paper.kind)) show(paper);
    else
      addressIn(room, paper.id, true).then(
        ({ url }) => keep(url),
        () => say(t('meet.files.openFailed')),
      );
  };
  return (
    <ul className="agenda-papers">
      {papers.map((paper) => (
        <li key={paper.id}>
          <button type="button" className="agenda-paper" onClick={() => open(paper)}>
            <FileIcon />
            <span className="row-text">
              <span>{paper.name}</span>
              <span className="row-sub num">
                {[
                  fileSize(paper.size),
                  paper.access !== 'all' && t(`meet.agenda.access.${paper.access}`),
                  !paper.download && t('meet.agenda.lookOnly'),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
