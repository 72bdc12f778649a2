import { addTexts, useT } from '@gonghui/ui/base';
import { useContext, useState } from 'react';
import { AskContext } from '../pages/usePersonActs.tsx';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import { leads, ownPerson } from '../room/state.ts';
import { Refused } from '../signal/client.ts';
import { BallotCard } from './BallotCard.tsx';
import { MakeForm } from './MakeForm.tsx';
import { PollCard } from './PollCard.tsx';
import { SignInCard } from './SignInCard.tsx';
import './vote.css';
import en from '../i18n/votes.en.ts';
import zh from '../i18n/votes.zh.ts';
import type { Kind, Vote } from './votes.ts';

addTexts({ zh, en });

const kinds: readonly Kind[] = ['named', 'veiled', 'secret', 'signin'];

/** useTry runs something and says in words why it could not be done; it tells whether it was. */
export function useTry(): (act: () => Promise<unknown>) => Promise<boolean> {
  const t = useT();
  const { say } = useContext(AskContext);
  return async (act) => {
    try {
      await act();
      return true;
    } catch (thrown) {
      const reason = thrown instanceof Refused ? thrown.reason : '';
      say(t(`meet.vote.fault.${['RIGHT', 'STATE', 'GONE', 'MESSAGE', 'FULL'].includes(reason) ? reason : 'other'}`));
      return false;
    }
  };
}

/** Polls, ballots and sign-ins of the meeting. */
export function VotePanel() {
  const t = useT();
  const { state } = useSnapshot(useRoom());
  const [making, setMaking] = useState<Kind | null>(null);
  const leading = leads(ownPerson(state));
  if (making && leading) return <MakeForm kind={making} close={() => setMaking(null)} />;
  return (
    <div className="votes">
      {leading && (
        <details className="vote-new" open={state.votes.length === 0}>
          <summary>{t('meet.vote.make')}</summary>
          <ul>
            {kinds.map((kind) => (
              <li key={kind}>
                <button type="button" className="vote-kind" onClick={() => setMaking(kind)}>
                  <strong>{t(`meet.vote.kind.${kind}`)}</strong>
                  <span className="quiet">{t(`meet.vote.about.${kind}`)}</span>
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
      {state.votes.length === 0 && (
        <div className="chat-empty">
          <p>{t('meet.vote.empty')}</p>
          <p className="quiet">{t(leading ? 'meet.vote.emptyLead' : 'meet.vote.emptyBody')}</p>
        </div>
      )}
      <ul className="vote-list" aria-live="polite">
        {state.votes.map((vote) => (
          <li key={vote.id} className="vote-card">
            <p className="vote-head">
              <span className={`vote-state ${vote.state}`}>{t(`meet.vote.state.${vote.state}`)}</span>
              <span className="quiet">{t(`meet.vote.kind.${vote.kind}`)}</span>
            </p>
            <h3>{vote.question}</h3>
            <Card vote={vote} leading={leading} me={state.me} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Card({ vote, leading, me }: { vote: Vote; leading: boolean; me: string }) {
  if (vote.kind === 'secret') return <BallotCard vote={vote} leading={leading} me={me} />;
  if (vote.kind === 'signin') return <SignInCard vote={vote} leading={leading} />;
  return <PollCard vote={vote} leading={leading} />;
}
