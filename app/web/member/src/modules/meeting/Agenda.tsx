import { api, take } from '@gonghui/api';
import { fileSize, useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Failed } from '../../parts/Failed.tsx';
import type { Entry } from './entries.ts';

/** What a meeting goes through, and the papers to it that are for the person; asked for when it is unfolded. */
export function Agenda({ entry }: { entry: Entry }) {
  const t = useT();
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <div className="agenda-fold">
      <button type="button" className="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {t(open ? 'member.meetings.agendaClose' : 'member.meetings.agenda')}
      </button>
      <div id={id}>{open && <Items id={entry.id} />}</div>
    </div>
  );
}

function Items({ id }: { id: string }) {
  const t = useT();
  const agenda = useQuery({
    queryKey: ['meetings.agenda', id],
    queryFn: () => take(api.GET('/v1/meetings/{id}/agenda', { params: { path: { id } } })),
  });
  if (agenda.error) return <Failed error={agenda.error} retry={() => void agenda.refetch()} />;
  if (!agenda.data) return <span className="grey line-grey">&nbsp;</span>;
  const { items, papers } = agenda.data;
  const of = (item: string) =>
    papers
      .filter((one) => one.itemId === item)
      .map((one) => (
        <li key={one.id}>
          <a className="agenda-paper" href={`/meet/paper/${one.id}`}>
            {one.name}
          </a>{' '}
          <span className="small num">{fileSize(one.size)}</span>
        </li>
      ));
  if (items.length === 0 && papers.length === 0) return <p className="small">{t('member.meetings.agendaNone')}</p>;
  return (
    <>
      <ol className="agenda-items">
        {items.map((one) => (
          <li key={one.id}>
            {one.title}
            <p className="small num">
              {[one.presenter, one.minutes > 0 && t('member.meetings.agendaMinutes', { count: one.minutes }), one.note]
                .filter(Boolean)
                .join(' · ')}
            </p>
            <ul className="agenda-papers">{of(one.id)}</ul>
          </li>
        ))}
      </ol>
      <ul className="agenda-papers">{of('')}</ul>
    </>
  );
}
