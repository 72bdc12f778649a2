import { useT } from '@gonghui/ui/base';
import type { ReactNode } from 'react';

export interface Fact {
  label: string;
  /** Empty when it is not known. */
  value: ReactNode;
}

/** What is known, a line a fact. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  const t = useT();
  return (
    <dl className="panel facts">
      {facts.map(({ label, value }) => (
        <div key={label} className="fact">
          <dt>{label}</dt>
          <dd>{value || <span className="small">{t('member.file.none')}</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
