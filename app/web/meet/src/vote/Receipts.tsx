import { useT } from '@gonghui/ui/base';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useRoom } from '../parts/useRoom.ts';
import { spacedReceipt } from './BallotCard.tsx';
import { ownPapers, watchPapers } from './booth.ts';
import { useTry } from './VotePanel.tsx';
import type { Vote } from './votes.ts';

/** The receipts of the ballots that were written: everybody finds the own one, and nobody learns from it what was chosen. */
export function Receipts({ vote }: { vote: Vote }) {
  const t = useT();
  const room = useRoom();
  const attempt = useTry();
  const [shown, setShown] = useState(false);
  const [receipts, setReceipts] = useState<string[] | null>(null);
  const own = useSyncExternalStore(watchPapers, ownPapers)[vote.id]?.receipt;
  const { id } = vote;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list of a ballot that is written does not change
  useEffect(() => {
    if (receipts || (!shown && !own)) return;
    void attempt(async () => {
      const all: string[] = [];
      for (let pageToken = ''; ; ) {
        const { receipts: page } = await room.vote({ do: 'receipts', vote: id, pageToken });
        all.push(...(page?.receipts ?? []));
        if (!page?.next) break;
        pageToken = page.next;
      }
      setReceipts(all);
    });
  }, [shown, own, id]);
  return (
    <>
      {own && receipts && (
        <p role="status" className={receipts.includes(own) ? 'vote-done' : 'wrong'}>
          {t(receipts.includes(own) ? 'meet.vote.counted' : 'meet.vote.notCounted')}
        </p>
      )}
      <details className="vote-people" open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
        <summary>{t('meet.vote.receipts', { count: vote.cast })}</summary>
        <ul className="vote-receipts">
          {receipts?.map((one) => (
            <li key={one} className={one === own ? 'own' : ''}>
              <code>{spacedReceipt(one)}</code>
              {one === own && <span className="vote-done">{t('meet.vote.yours')}</span>}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
