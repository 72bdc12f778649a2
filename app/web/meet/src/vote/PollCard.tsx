import { useT } from '@gonghui/ui/base';
import { useState } from 'react';
import { useRoom } from '../parts/useRoom.ts';
import { Options, Tally } from './Options.tsx';
import { useTry } from './VotePanel.tsx';
import { VoterList } from './VoterList.tsx';
import type { Vote } from './votes.ts';

/** A poll: open, where one may change one's mind, or done. */
export function PollCard({ vote, leading }: { vote: Vote; leading: boolean }) {
  const t = useT();
  const room = useRoom();
  const attempt = useTry();
  const [chosen, setChosen] = useState<number[]>(vote.own?.choice ?? []);
  const [busy, setBusy] = useState(false);
  const { id } = vote;
  const act = (run: () => Promise<unknown>) => {
    setBusy(true);
    void attempt(run).then(() => setBusy(false));
  };
  const same = vote.own?.did === true && String(vote.own.choice) === String(chosen);
  return (
    <>
      <p className="quiet">{t(`meet.vote.note.${vote.kind}`)}</p>
      {vote.state === 'open' && (
        <>
          <Options vote={vote} chosen={chosen} choose={setChosen} disabled={busy} />
          <p className="vote-acts">
            <button
              type="button"
              className="button small main"
              disabled={busy || chosen.length === 0 || same}
              onClick={() => act(() => room.vote({ do: 'choose', vote: id, choice: chosen }))}
            >
              {t(vote.own?.did ? 'meet.vote.change' : 'meet.vote.submit')}
            </button>
            <span className="quiet num">{t('meet.vote.came', { came: vote.came, count: vote.voters })}</span>
          </p>
          {same && (
            <p className="quiet" role="status">
              {t('meet.vote.chosen')}
            </p>
          )}
          {leading && (
            <button
              type="button"
              className="button small"
              disabled={busy}
              onClick={() => act(() => room.vote({ do: 'end', vote: id }))}
            >
              {t('meet.vote.endPoll')}
            </button>
          )}
        </>
      )}
      {vote.state === 'done' && (
        <>
          <Tally vote={vote} />
          <p className="quiet num">{t('meet.vote.came', { came: vote.came, count: vote.voters })}</p>
          <VoterList vote={vote} />
        </>
      )}
    </>
  );
}
