import { useT, useTheme } from '@gonghui/ui/base';
import { useState, useSyncExternalStore } from 'react';
import { Ask } from '../parts/Dialog.tsx';
import { useRoom } from '../parts/useRoom.ts';
import { canVote, vote as castVote, ownPapers, type Paper, watchPapers } from './booth.ts';
import { Options, Tally } from './Options.tsx';
import { Receipts } from './Receipts.tsx';
import { useTry } from './VotePanel.tsx';
import { VoterList } from './VoterList.tsx';
import type { Vote, Voting } from './votes.ts';

interface Props {
  vote: Vote;
  leading: boolean;
  me: string;
}

/** A secret ballot, from the list of its voters to its result. */
export function BallotCard({ vote, leading, me }: Props) {
  const t = useT();
  const room = useRoom();
  const attempt = useTry();
  const [asking, setAsking] = useState<'void' | 'close' | null>(null);
  const run = (act: Voting['do']) => void attempt(() => room.vote({ do: act, vote: vote.id }));
  const watcher = vote.watchers.find(({ participant }) => participant === me);
  const { state } = vote;
  const missing = vote.came - vote.cast;
  return (
    <>
      <p className="quiet">{ruleText(t, vote)}</p>
      <p className="quiet">
        {t('meet.vote.watchers', { names: vote.watchers.map(({ name }) => name).join(t('meet.vote.sep')) })}
      </p>
      {state === 'draft' && (
        <>
          <p>{t('meet.vote.draftBody')}</p>
          <VoterList vote={vote} open />
        </>
      )}
      {state === 'open' && <p className="quiet num">{t('meet.vote.given', { came: vote.came, count: vote.voters })}</p>}
      {state === 'open' && vote.unsure && vote.came > 0 && <p className="wrong">{t('meet.vote.unsure')}</p>}
      {(state === 'open' || state === 'ending') && <Booth vote={vote} />}
      {state === 'ending' && (
        <>
          <p className="num">{t('meet.vote.atHand', { came: vote.came, cast: vote.cast })}</p>
          {missing > 0 && (
            <p className="wrong">{t(`meet.vote.${vote.unsure ? 'missingUnsure' : 'missing'}`, { count: missing })}</p>
          )}
          <Confirmed vote={vote} of="closing" />
          {watcher && !watcher.closing && (
            <button
              type="button"
              className="button small main"
              disabled={vote.unsure && missing > 0}
              onClick={() => setAsking('close')}
            >
              {t('meet.vote.confirmClosing')}
            </button>
          )}
        </>
      )}
      {state === 'closed' && (
        <>
          <p className="num">{t('meet.vote.written', { cast: vote.cast })}</p>
          <Confirmed vote={vote} of="opening" />
          {watcher && !watcher.opening && (
            <button type="button" className="button small main" onClick={() => run('confirm')}>
              {t('meet.vote.confirmOpening')}
            </button>
          )}
        </>
      )}
      {state === 'done' && (
        <>
          <Verdict vote={vote} />
          <Tally vote={vote} />
        </>
      )}
      {(state === 'closed' || state === 'done') && <Receipts vote={vote} />}
      {state !== 'draft' && <VoterList vote={vote} />}
      {leading && ['draft', 'open', 'ending', 'closed'].includes(state) && (
        <p className="vote-acts">
          {state === 'draft' && (
            <button type="button" className="button small main" onClick={() => run('open')}>
              {t('meet.vote.open')}
            </button>
          )}
          {state === 'open' && (
            <button type="button" className="button small" onClick={() => run('end')}>
              {t('meet.vote.end')}
            </button>
          )}
          <button type="button" className="button small bad" onClick={() => setAsking('void')}>
            {t('meet.vote.void')}
          </button>
        </p>
      )}
      {asking === 'void' && (
        <Ask
          title={t('meet.vote.voidTitle')}
          body={<p>{t('meet.vote.voidBody')}</p>}
          close={() => setAsking(null)}
          acts={[{ text: t('meet.vote.void'), tone: 'bad', run: () => run('void') }]}
        />
      )}
      {asking === 'close' && (
        <Ask
          title={t('meet.vote.closeTitle')}
          body={
            <p>
              {missing > 0
                ? t('meet.vote.closeMissing', { count: missing })
                : t('meet.vote.closeBody', { cast: vote.cast })}
            </p>
          }
          close={() => setAsking(null)}
          acts={[{ text: t('meet.vote.confirmClosing'), tone: 'main', run: () => run('confirm') }]}
        />
      )}
    </>
  );
}

type T = ReturnType<typeof useT>;

function ruleText(t: T, { due, voters, quorum, majority, form, seats, most }: Vote): string {
  return [
    t('meet.vote.dueText', { due, voters }),
    quorum !== 'none' && t(`meet.vote.quorum.${quorum}`),
    form === 'elect' && t('meet.vote.electText', { seats, most }),
    t(`meet.vote.majority.${majority}`),
  ]
    .filter(Boolean)
    .join(t('meet.vote.comma'));
}

/** Where one votes, and what is known of one's own ballot. */
function Booth({ vote }: { vote: Vote }) {
  const t = useT();
  const room = useRoom();
  const attempt = useTry();
  const { bodyCode } = useTheme();
  const [chosen, setChosen] = useState<number[]>([]);
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const paper = useSyncExternalStore(watchPapers, ownPapers)[vote.id];
  if (vote.own && !vote.own.may) return <p className="quiet">{t('meet.vote.noRight')}</p>;
  if (paper?.stands) return <OwnPaper paper={paper} />;
  if (vote.own?.did && !paper) return <p className="quiet">{t('meet.vote.elsewhere')}</p>;
  if (vote.state === 'ending' && !paper) return null;
  if (!canVote()) return <p className="wrong">{t('meet.vote.insecure')}</p>;
  const cast = () => {
    setBusy(true);
    void attempt(() => castVote(vote, chosen, (voting) => room.vote(voting), bodyCode)).then(() => setBusy(false));
  };
  const names = chosen.map((no) => vote.options[no - 1]).join(t('meet.vote.sep'));
  // What was chosen once stays, also when the way to the box failed.
  const fixed = paper?.choice;
  return (
    <>
      <Options vote={vote} chosen={fixed ?? chosen} choose={setChosen} disabled={busy || fixed !== undefined} />
      <p className="quiet">{t('meet.vote.note.secret')}</p>
      <button
        type="button"
        className="button small main"
        disabled={busy || (!fixed && chosen.length === 0 && vote.form !== 'elect')}
        onClick={() => (fixed ? cast() : setSure(true))}
      >
        {t(busy ? 'meet.vote.casting' : fixed ? 'meet.vote.castAgain' : 'meet.vote.cast')}
      </button>
      {sure && (
        <Ask
          title={t('meet.vote.sureTitle')}
          body={<p>{t('meet.vote.sureBody', { names: names || t('meet.vote.blank') })}</p>}
          close={() => setSure(false)}
          acts={[{ text: t('meet.vote.cast'), tone: 'main', run: cast }]}
        />
      )}
    </>
  );
}

/** How one's own ballot stands, and its receipt. */
function OwnPaper({ paper }: { paper: Paper }) {
  const t = useT();
  const lost = paper.stands === 'lost';
  return (
    <div className="vote-receipt" role="status">
      <p className={lost ? 'wrong' : 'vote-done'}>{t(`meet.vote.paper.${paper.stands}`)}</p>
      {!lost && (
        <>
          <p className="quiet">{t('meet.vote.receiptBody')}</p>
          <code>{spacedReceipt(paper.receipt)}</code>
        </>
      )}
    </div>
  );
}

/** A receipt in groups of four. */
export const spacedReceipt = (text: string) => text.replace(/(.{4})(?=.)/g, '$1 ');

function Confirmed({ vote, of }: { vote: Vote; of: 'closing' | 'opening' }) {
  const t = useT();
  return (
    <ul className="vote-people plain-list">
      {vote.watchers.map((one) => (
        <li key={one.participant}>
          <span>{one.name}</span>
          <span className={one[of] ? 'vote-done' : 'quiet'}>
            {t(one[of] ? 'meet.vote.confirmed' : 'meet.vote.notYet')}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Verdict({ vote }: { vote: Vote }) {
  const t = useT();
  const { result, form } = vote;
  if (!result) return null;
  const word = !result.quorate
    ? 'noQuorum'
    : form === 'elect'
      ? result.passed
        ? 'filled'
        : 'notFilled'
      : form === 'choice'
        ? result.won.length > 0
          ? 'chosen'
          : 'notChosen'
        : result.passed
          ? 'passed'
          : 'notPassed';
  return (
    <p className={`vote-verdict${result.passed ? ' passed' : ''}`}>
      <strong>{t(`meet.vote.verdict.${word}`)}</strong>
      <span className="quiet num">
        {t('meet.vote.counts', { came: vote.came, cast: result.cast, blank: result.blank })}
        {result.need > 0 && <> · {t('meet.vote.need', { count: result.need })}</>}
      </span>
    </p>
  );
}
