import type { ReactNode } from 'react';

export interface Fact {
  label: string;
  value: ReactNode;
  /** Takes the whole width. */
  wide?: boolean;
}

/** Facts in a two-column grid. What is not known shows a dash. */
export function Facts({ items }: { items: Fact[] }) {
  return (
    <dl className="facts">
      {items.map((fact) => (
        <div key={fact.label} className={fact.wide ? 'fact fact-wide' : 'fact'}>
          <dt>{fact.label}</dt>
          <dd>{fact.value === '' || fact.value === null || fact.value === undefined ? '\u2014' : fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
