import { type ApiError, api, asApiError, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { useCallback, useEffect, useState } from 'react';
import type { PaperAddress } from '../../signal/agenda.ts';
import { Busy, Card } from '../Card.tsx';
import './agenda.css';
import { isLookedAt, keep } from './papers.ts';
import { Sheet } from './Viewer.tsx';

const fetched = (id: string, download: boolean): Promise<PaperAddress> =>
  take(api.POST('/v1/papers/{id}:open', { params: { path: { id } }, body: { id, download } }));

/** One paper on a page of its own: to where console and member app lead. */
export default function PaperPage({ id }: { id: string }) {
  const t = useT();
  const locale = useLocale();
  const [first, setFirst] = useState<PaperAddress | null>(null);
  const [fault, setFault] = useState<ApiError | null>(null);
  const load = useCallback(() => {
    setFault(null);
    fetched(id, false).then(setFirst, (thrown: unknown) => setFault(asApiError(thrown)));
  }, [id]);
  useEffect(load, [load]);
  useEffect(() => {
    if (first) document.title = first.name;
  }, [first]);
  if (fault)
    return (
      <Card>
        <h1>{t('meet.files.openFailed')}</h1>
        <p className="about" role="alert">
          {fault.text(locale)}
        </p>
        <div className="buttons">
          <button type="button" className="button main" onClick={load}>
            {t('act.retry')}
          </button>
        </div>
      </Card>
    );
  if (!first)
    return (
      <Card>
        <Busy text={t('meet.files.opening')} />
      </Card>
    );
  if (!isLookedAt(first.kind))
    return (
      <Card>
        <h1>{first.name}</h1>
        <p className="about">{t('meet.files.notShown')}</p>
        <div className="buttons">
          <button
            type="button"
            className="button main"
            onClick={() =>
              void fetched(id, true).then(
                ({ url }) => keep(url),
                (thrown: unknown) => setFault(asApiError(thrown)),
              )
            }
          >
            {t('meet.files.save')}
          </button>
        </div>
      </Card>
    );
  return (
    <main className="viewer alone">
      <h1>{first.name}</h1>
      <Sheet address={(download) => (download ? fetched(id, true) : Promise.resolve(first))} />
    </main>
  );
}
