import { dateTime, useT } from '@gonghui/ui/base';
import { useCallback, useEffect, useState } from 'react';
import { useRoom } from '../parts/useRoom.ts';
import { useTry } from './VotePanel.tsx';
import type { Vote, Voter } from './votes.ts';

/** Who voted, may vote, or signed in and did not; fetched when it is opened. */
export function VoterList({ vote, open = false }: { vote: Vote; open?: boolean }) {
  const t = useT();
  const room = useRoom();
  const attempt = useTry();
  const [shown, setShown] = useState(open);
  const [voters, setVoters] = useState<Voter[] | null>(null);
  const { id, came, state } = vote;
  const load = useCallback(async () => {
    const all: Voter[] = [];
    for (let pageToken = ''; ; ) {
      const { voters: page } = await room.vote({ do: 'voters', vote: id, pageToken });
      all.push(...(page?.voters ?? []));
      if (!page?.next) break;
      pageToken = page.next;
    }
    setVoters(all);
  }, [room, id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when more have come, or the vote has gone on, the list is another
  useEffect(() => {
    if (shown) void attempt(load);
  }, [shown, load, came, state]);
  const save = () => {
    const cells = (voters ?? []).map((one) => [one.name, one.body, one.at && dateTime(new Date(one.at))]);
    const head = [t('meet.vote.csv.name'), t('meet.vote.csv.body'), t('meet.vote.csv.at')];
    const rows = [head, ...cells].map((row) => row.map(cell).join(','));
    const link = document.createElement('a');
    // Excel takes a file without the mark for one of another alphabet.
    link.href = URL.createObjectURL(new Blob([`\ufeff${rows.join('\r\n')}\r\n`], { type: 'text/csv' }));
    link.download = `${vote.question}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <details className="vote-people" open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>{t(`meet.vote.list.${vote.kind}`, { count: vote.kind === 'secret' ? vote.voters : came })}</summary>
      {voters === null && <p className="quiet">{t('meet.vote.loading')}</p>}
      <ul>
        {voters?.map((one) => (
          <li key={one.participant}>
            <span>
              {one.name} <span className="quiet">{one.body}</span>
            </span>
            <span className="quiet num">{mark(one)}</span>
          </li>
        ))}
      </ul>
      {vote.kind === 'signin' && voters && (
        <button type="button" className="link" onClick={save}>
          {t('meet.vote.csv.save')}
        </button>
      )}
    </details>
  );

  function mark(one: Voter): string {
    if (one.choice.length > 0) return one.choice.map((no) => vote.options[no - 1]).join(t('meet.vote.sep'));
    if (vote.kind === 'signin') return one.at ? dateTime(new Date(one.at)).slice(11) : t('meet.vote.absent');
    return one.at && vote.kind === 'secret' ? t('meet.vote.rightGiven') : '';
  }
}

/** A cell of a CSV file; what a spreadsheet would take for a formula is text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
