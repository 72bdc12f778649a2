import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { NextIcon } from './icons.tsx';

/** A column of the first page: its title over a panel of rows. */
export function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="stack" aria-label={title}>
      <h2 className="section-title">{title}</h2>
      <div className="panel rows">{children}</div>
    </section>
  );
}

/** A row that leads to a page. */
export function RowLink({ to, small, children }: { to: string; small?: string; children: ReactNode }) {
  return (
    <Link className="row" href={to}>
      <span className="row-words">
        <span>{children}</span>
        {small !== undefined && <span className="small">{small}</span>}
      </span>
      <NextIcon />
    </Link>
  );
}
