import { PageHead, useCan, useMe, useT } from '@gonghui/ui';
import { NextSteps } from './NextSteps.tsx';
import { OwnFigures } from './OwnFigures.tsx';
import { Pending } from './Pending.tsx';

export function HomePage() {
  const t = useT();
  const me = useMe();
  const can = useCan();
  return (
    <div className="page">
      <PageHead title={me.place.bodyName} purpose={t('home.purpose')} />
      {can('rollup.read') && <OwnFigures code={me.place.bodyCode} />}
      <Pending />
      <NextSteps />
    </div>
  );
}
