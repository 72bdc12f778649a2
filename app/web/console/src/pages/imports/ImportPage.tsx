import { api, take } from '@gonghui/api';
import { ErrorState, NoRight, PageHead, PageSkeleton, useCan, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { keys } from '../../data.ts';
import { Check } from './Check.tsx';
import { Finished } from './Finished.tsx';
import { ImportStages } from './ImportStages.tsx';
import { Mapping } from './Mapping.tsx';
import { stage, working } from './stages.ts';
import { Working } from './Working.tsx';

/** Milliseconds between two looks at an import that is being worked on. */
const LIVE = 1000;

/** One import, at the step where it stands. Its address can be left and come back to. */
export function ImportPage() {
  const t = useT();
  const can = useCan();
  const { id = '' } = useParams();
  const [search] = useSearchParams();
  const query = useQuery({
    queryKey: [...keys.imports, 'one', id],
    enabled: can('member.import'),
    queryFn: () => take(api.GET('/v1/imports/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data && working(state.data.state) ? LIVE : false),
  });
  const one = query.data;
  const again = search.get('step') === 'columns' && one?.state === 'ready';
  const shown = again ? 'mapping' : one?.state;

  // A step that comes by itself is announced, and the reader begins at its top.
  const top = useRef<HTMLDivElement>(null);
  const before = useRef(shown);
  useEffect(() => {
    if (before.current && shown && before.current !== shown) {
      window.scrollTo({ top: 0 });
      top.current?.focus({ preventScroll: true });
    }
    before.current = shown;
  }, [shown]);

  if (!can('member.import')) return <NoRight page what={t('imports.add')} />;
  if (!one || !shown) {
    return query.error ? <ErrorState error={query.error} retry={() => void query.refetch()} page /> : <PageSkeleton />;
  }
  return (
    <div className="page">
      <PageHead
        title={t('imports.add')}
        purpose={one.fileName}
        action={<Link to="/imports">{t('imports.toList')}</Link>}
      />
      <ImportStages at={stage(shown)} back={one.state === 'ready' ? { 1: '?step=columns', 2: '?' } : {}} />
      {query.isRefetchError && (
        <p className="late" role="status">
          {t('imports.late')}
        </p>
      )}
      <div ref={top} tabIndex={-1} className="step-body">
        {working(shown) ? (
          <Working one={one} />
        ) : shown === 'mapping' ? (
          <Mapping key={`${one.sheet}:${one.headerRow}:${one.columns.length}`} one={one} />
        ) : shown === 'ready' ? (
          <Check one={one} />
        ) : (
          <Finished one={one} />
        )}
      </div>
    </div>
  );
}
