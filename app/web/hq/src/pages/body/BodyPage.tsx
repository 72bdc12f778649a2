import { useMe, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useParams } from 'react-router';
import { bodyQuery, linesBelowQuery, metricsQuery } from '../../data/queries.ts';
import { BodyHead } from './BodyHead.tsx';
import { BodySkeleton } from './BodySkeleton.tsx';
import { Drill } from './Drill.tsx';
import { Refused } from './Refused.tsx';

/** One body: what it and all below it have, and the way one level up or down. */
export function BodyPage() {
  const t = useT();
  const { code = '' } = useParams();
  const { place } = useMe();
  const lineage = useQuery(bodyQuery(code));
  const below = useQuery(linesBelowQuery(code));
  const metrics = useQuery(metricsQuery);
  const queries = [lineage, below, metrics];
  const name = lineage.data?.body.name;

  useEffect(() => {
    if (name) document.title = `${name} · ${t('app.hq')}`;
  }, [name, t]);

  const failed = queries.find((query) => query.error && !query.data);
  if (failed) {
    return (
      <Refused
        code={code}
        error={failed.error}
        retry={() => {
          for (const query of queries) if (query.error) void query.refetch();
        }}
      />
    );
  }
  if (!lineage.data || !below.data || !metrics.data) return <BodySkeleton />;
  return (
    <div className="body-page" key={code}>
      <BodyHead lineage={lineage.data} below={below.data} anchor={place.bodyCode} />
      <Drill lineage={lineage.data} below={below.data} metrics={metrics.data} />
    </div>
  );
}
