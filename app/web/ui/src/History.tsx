import type { ReactNode } from 'react';
import { dateTime } from './base/format.ts';

export interface Happening {
  id: string;
  at: string;
  what: ReactNode;
  /** Who, why. */
  detail?: ReactNode;
}

/** What happened, newest first. */
export function History({ items }: { items: Happening[] }) {
  return (
    <ol className="history">
      {items.map((item) => (
        <li key={item.id}>
          <time className="num" dateTime={item.at}>
            {dateTime(item.at)}
          </time>
          <div>{item.what}</div>
          {item.detail && <div className="history-detail">{item.detail}</div>}
        </li>
      ))}
    </ol>
  );
}
