import { useT } from '@gonghui/ui/base';
import { useId } from 'react';
import type { Vote } from './votes.ts';

interface Props {
  vote: Vote;
  chosen: readonly number[];
  choose: (chosen: number[]) => void;
  disabled?: boolean;
}

/** The options of a vote, to be chosen from: one, or up to so many. */
export function Options({ vote, chosen, choose, disabled = false }: Props) {
  const t = useT();
  const id = useId();
  const many = vote.most > 1;
  const turn = (no: number) => {
    if (!many) choose([no]);
    else if (chosen.includes(no)) choose(chosen.filter((one) => one !== no));
    else choose([...chosen, no].sort((a, b) => a - b));
  };
  return (
    <fieldset className="vote-options" disabled={disabled}>
      <legend className="quiet">{many ? t('meet.vote.upTo', { count: vote.most }) : t('meet.vote.one')}</legend>
      {vote.options.map((option, i) => (
        <label key={option}>
          <input
            type={many ? 'checkbox' : 'radio'}
            name={id}
            checked={chosen.includes(i + 1)}
            disabled={many && !chosen.includes(i + 1) && chosen.length >= vote.most}
            onChange={() => turn(i + 1)}
          />
          <span>{option}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** What came of a vote, option by option. */
export function Tally({ vote }: { vote: Vote }) {
  const t = useT();
  const { result } = vote;
  if (!result) return null;
  return (
    <ul className="vote-tally">
      {vote.options.map((option, i) => {
        const votes = result.votes[i] ?? 0;
        const share = result.cast > 0 ? Math.round((votes / result.cast) * 100) : 0;
        const won = result.won.includes(i + 1);
        return (
          <li key={option} className={won ? 'won' : ''}>
            <p>
              <span>
                {option}
                {won && vote.form === 'elect' && <em> {t('meet.vote.elected')}</em>}
                {result.tied.includes(i + 1) && <em> {t('meet.vote.tied')}</em>}
              </span>
              <span className="num">{t('meet.vote.votes', { count: votes, share })}</span>
            </p>
            <div className="vote-bar" aria-hidden="true">
              <span style={{ width: `${share}%` }} />
            </div>
          </li>
        );
      })}
    </ul>
  );
}
