import type { ReactNode } from 'react';
import type { ListColumn } from './ListPage.tsx';

interface Props<R> {
  rows: R[];
  rowKey: (row: R) => string;
  link: (row: R) => ReactNode;
  open?: (id: string) => void;
  columns: ListColumn<R>[];
}

/** A list on a phone: the first column and its badge on one line, the other columns in a line below. */
export function PhoneRows<R>({ rows, rowKey, link, open, columns }: Props<R>) {
  const badges = columns.filter((c) => c.phone === 'badge');
  const lines = columns.filter((c) => c.phone === undefined);
  return (
    <ul className="phone-rows">
      {rows.map((row) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the link inside is what the keyboard reaches
        <li key={rowKey(row)} onClick={open && (() => open(rowKey(row)))}>
          <div className="phone-row-head">
            {link(row)}
            {badges.map((c) => (
              <span key={c.key}>{c.render(row)}</span>
            ))}
          </div>
          <div className="phone-row-lines">
            {lines.map((c) => {
              const value = c.render(row);
              return value ? <span key={c.key}>{value}</span> : null;
            })}
          </div>
        </li>
      ))}
    </ul>
  );
}

export function PhoneSkeleton({ rows }: { rows: number }) {
  return (
    <ul className="phone-rows" aria-hidden="true">
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows never change places
        <li key={i}>
          <span className="bar" style={{ height: 18, width: '40%' }} />
          <span className="bar" style={{ height: 14, width: '70%', marginTop: 8 }} />
        </li>
      ))}
    </ul>
  );
}
