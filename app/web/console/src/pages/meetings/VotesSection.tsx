import { useT } from '@gonghui/ui';
import { Link } from 'react-router';
import { useVotes, type Vote, verdictOf } from './votes.ts';

/** The votes of a meeting in its detail: what was asked, and what came of it. */
export function VotesSection({ id }: { id: string }) {
  const t = useT();
  const { data, error } = useVotes(id);
  const votes = (data?.pages.flatMap((page) => page.votes) ?? []) as Vote[];
  // Votes are for those who took part; a meeting without any needs no words on them.
  if (error || votes.length === 0) return null;
  return (
    <>
      <h3 className="detail-section">{t('meetingVotes.title')}</h3>
      <ul className="rows">
        {votes.map((vote) => (
          <li key={vote.id}>
            <div className="row-text">
              <span className="row-name">{vote.question}</span>
              <span className="row-sub">
                {t(`meetingVotes.kind.${vote.kind}`)} · {t(`meetingVotes.state.${vote.state}`)} ·{' '}
                {vote.kind === 'secret' && vote.state === 'done'
                  ? t(`meetingVotes.verdict.${verdictOf(vote)}`)
                  : t('meetingVotes.came', { came: vote.came, voters: vote.voters })}
              </span>
            </div>
          </li>
        ))}
      </ul>
      <Link to={`/meetings/${id}/votes`}>{t('meetingVotes.sheet')}</Link>
    </>
  );
}
