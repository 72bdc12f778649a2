import { useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Failed } from '../../parts/Failed.tsx';
import { SubPage } from '../../parts/SubPage.tsx';
import { calendarQuery, DAYS, dayOf, type Entry } from './entries.ts';
import { MeetingCard } from './MeetingCard.tsx';

/** The meetings of the coming weeks, day by day. */
export default function MeetingsPage() {
  const t = useT();
  const list = useQuery(calendarQuery);
  return (
    <SubPage title={t('member.meetings.title')} purpose={t('member.meetings.purpose')} back="/">
      {list.data &&
        byDay(list.data).map(([day, entries]) => (
          <section key={day} className="stack" aria-label={day}>
            <h2 className="section-title num">{day}</h2>
            {entries.map((entry) => (
              <MeetingCard key={entry.id} entry={entry} />
            ))}
          </section>
        ))}
      {list.data?.length === 0 && (
        <section className="panel state">
          <h2 className="state-title">{t('member.meetings.none')}</h2>
          <p>{t('member.meetings.noneBody', { days: DAYS })}</p>
          <a className="button" href="/meet/">
            {t('member.meetings.byNumber')}
          </a>
        </section>
      )}
      {list.isPending && <span className="grey union-grey" />}
      {(list.data || list.error) && (
        <Link href="/meetings/films" className="button">
          {t('member.films.title')}
        </Link>
      )}
      {list.error && <Failed error={list.error} retry={() => void list.refetch()} />}
    </SubPage>
  );
}

function byDay(entries: Entry[]): [string, Entry[]][] {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = dayOf(entry.startsAt ?? '');
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}
