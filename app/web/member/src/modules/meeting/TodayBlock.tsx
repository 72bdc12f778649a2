import { useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { Block, RowLink } from '../../parts/Block.tsx';
import { Failed } from '../../parts/Failed.tsx';
import type { BlockProps } from '../part.ts';
import { Enter } from './Enter.tsx';
import { dayOf, span, todayQuery } from './entries.ts';

/** Today's meetings, and the way to those of the coming weeks. */
export default function TodayBlock({ title }: BlockProps) {
  const t = useT();
  const today = useQuery(todayQuery());
  // What was kept may be of another day.
  const entries = today.data?.filter(({ startsAt }) => dayOf(startsAt ?? '') === dayOf(Date.now()));
  if (!today.data && today.error) return <Failed error={today.error} retry={() => void today.refetch()} />;
  return (
    <Block title={title}>
      {entries ? (
        entries.map((entry) => (
          <div key={entry.id} className="row-plain meeting-row">
            <span className="row-words">
              <span>{entry.title}</span>
              <span className="small num">
                {[span(entry), entry.bodyName || entry.hostName].filter(Boolean).join(' · ')}
              </span>
            </span>
            <Enter entry={entry} />
          </div>
        ))
      ) : (
        <p className="row-plain small">
          <span className="grey line-grey">&nbsp;</span>
        </p>
      )}
      {entries?.length === 0 && <p className="row-plain small">{t('member.meetings.noneToday')}</p>}
      <RowLink to="/meetings">{t('member.meetings.more')}</RowLink>
    </Block>
  );
}
