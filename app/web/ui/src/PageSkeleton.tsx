import { useT } from './base/i18n.ts';

/** Grey bars of the size of what comes. */
export function Bars({ rows = 3, height = 16 }: { rows?: number; height?: number }) {
  return (
    <div className="bars" aria-hidden="true">
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars never change places
        <span key={i} className="bar" style={{ height, width: `${[92, 76, 84, 64, 88][i % 5]}%` }} />
      ))}
    </div>
  );
}

/** A page that is on its way. */
export function PageSkeleton() {
  const t = useT();
  return (
    <div className="page" role="status" aria-label={t('list.loading')}>
      <div className="bars" aria-hidden="true">
        <span className="bar" style={{ height: 28, width: 180 }} />
        <span className="bar" style={{ height: 16, width: 320 }} />
      </div>
      <div style={{ marginTop: 32 }}>
        <Bars rows={8} height={20} />
      </div>
    </div>
  );
}
