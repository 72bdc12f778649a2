import { read, useT } from '@gonghui/ui/base';
import { lazy, Suspense, useEffect } from 'react';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import { asked } from '../vote/votes.ts';
import { Busy } from './Card.tsx';

const Panel = lazy(() => import('../vote/VotePanel.tsx').then(({ VotePanel }) => ({ default: VotePanel })));

/** What was put to the meeting; fetched when it is first opened. */
export function Votes() {
  const t = useT();
  return (
    <Suspense fallback={<Busy text={t('meet.bar.votes')} />}>
      <Panel />
    </Suspense>
  );
}

/** Says that something is asked of the person, and looks after the ballots that this device keeps, whether the panel is open or not. */
export function VoteBanner({ shown, open }: { shown: boolean; open: () => void }) {
  const t = useT();
  const { votes, me } = useSnapshot(useRoom()).state;
  useEffect(() => {
    if (votes.some(({ kind }) => kind === 'secret') && read('meet.ballots'))
      void import('../vote/booth.ts').then(({ follow }) => follow(votes));
  }, [votes]);
  const wanted = votes.filter((vote) => asked(vote, me));
  const first = wanted[0];
  if (!first || shown) return null;
  return (
    <div className="hint" role="status">
      <p>
        {wanted.length === 1
          ? t('meet.bar.voteAsked', { question: first.question })
          : t('meet.bar.votesAsked', { count: wanted.length })}
      </p>
      <button type="button" className="button small main" onClick={open}>
        {t('meet.bar.toVotes')}
      </button>
    </div>
  );
}
