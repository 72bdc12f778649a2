import { PageHead, useCan, useMe, useT } from '@gonghui/ui';
import type { ReactNode } from 'react';
import { Duties } from './Duties.tsx';
import { LinksColumn } from './LinksColumn.tsx';
import { NextSteps } from './NextSteps.tsx';
import { OwnFigures } from './OwnFigures.tsx';
import { Pending } from './Pending.tsx';

/** Who holds one of these finds work in the columns. */
const business = ['rollup.read', 'member.write', 'member.import', 'org.write'];

/** The first page: the columns that the body shows, in its order. */
export function HomePage() {
  const t = useT();
  const me = useMe();
  const can = useCan();
  const columns: Record<string, ReactNode> = {
    figures: can('rollup.read') && <OwnFigures code={me.place.bodyCode} />,
    pending: <Pending />,
    steps: <NextSteps />,
  };
  return (
    <div className="page">
      <PageHead title={me.place.bodyName} purpose={t('home.purpose')} />
      {me.columns
        .filter((column) => column.place === 'home')
        .map((column) => (
          <div key={column.key} className="home-column">
            {column.kind === 'group' ? <LinksColumn column={column} /> : columns[column.key]}
          </div>
        ))}
      {!business.some((right) => can(right)) && <Duties />}
    </div>
  );
}
