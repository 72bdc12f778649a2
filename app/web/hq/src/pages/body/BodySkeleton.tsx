import { useT } from '@gonghui/ui';

/** The page of a body on its way, in its final size. */
export function BodySkeleton() {
  const t = useT();
  return (
    <div className="body-page" role="status" aria-label={t('list.loading')}>
      <div className="body-head">
        <div>
          <span className="bar" style={{ height: 16, width: 220 }} />
          <span className="bar" style={{ height: 30, width: 320, marginTop: 12 }} />
          <span className="bar" style={{ height: 16, width: 280, marginTop: 12 }} />
        </div>
      </div>
      <div className="drill-bar">
        <span className="bar" style={{ height: 16, width: 240 }} />
      </div>
      <HeroSkeleton />
      <div className="drill">
        <div className="card">
          <RowsSkeleton />
        </div>
        <div className="drill-side">
          <div className="card">
            <span className="bar" style={{ height: 220, width: '100%' }} />
          </div>
        </div>
      </div>
    </div>
  );
}

export function HeroSkeleton() {
  return (
    <div className="heroes" aria-hidden="true">
      {['a', 'b', 'c', 'd'].map((key) => (
        <div key={key} className="figure figure-grey">
          <span className="bar" style={{ height: 16, width: 72 }} />
          <span className="bar" style={{ height: 34, width: 128, marginTop: 8 }} />
          <span className="bar" style={{ height: 16, width: '80%', marginTop: 16 }} />
        </div>
      ))}
    </div>
  );
}

const rows = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

export function RowsSkeleton() {
  return (
    <div className="rows-grey" aria-hidden="true">
      {rows.map((key, i) => (
        <span key={key} className="rows-grey-one">
          <span className="bar" style={{ height: 16, width: `${52 - (i % 3) * 8}%` }} />
        </span>
      ))}
    </div>
  );
}
