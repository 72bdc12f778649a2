import { PageHead, useCan, useMe, useT } from '@gonghui/ui';
import type { ReactNode } from 'react';
import { LinksColumn } from './LinksColumn.tsx';
import { NextSteps } from './NextSteps.tsx';
import { OwnFigures } from './OwnFigures.tsx';
import { Pending } from './Pending.tsx';

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
    </div>
  );
}
