import { useT } from '@gonghui/ui/base';

/** A page on its way: grey shapes of a card and some lines. */
export function Loading() {
  const t = useT();
  return (
    <div className="page" role="status" aria-label={t('list.loading')}>
      <span className="grey" style={{ height: 28, width: '60%' }} />
      <span className="grey" style={{ height: 190, borderRadius: 'var(--r-phone)' }} />
      <span className="grey" style={{ height: 20, width: '40%' }} />
      <span className="grey" style={{ height: 120, borderRadius: 'var(--r-phone)' }} />
    </div>
  );
}
