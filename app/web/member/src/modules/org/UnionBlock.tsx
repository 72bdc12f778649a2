import { useT } from '@gonghui/ui/base';
import { useQuery } from '@tanstack/react-query';
import { Block, RowLink } from '../../parts/Block.tsx';
import { Failed } from '../../parts/Failed.tsx';
import { unionQuery } from '../../queries.ts';
import { depth } from '../../rules/card.ts';
import { useMe } from '../../session.ts';
import { Line } from './Line.tsx';

/** The own union in its line, and the way to how it is reached. */
export default function UnionBlock() {
  const t = useT();
  const { place } = useMe();
  const union = useQuery(unionQuery());
  if (!union.data && union.error) return <Failed error={union.error} retry={() => void union.refetch()} />;
  return (
    <Block title={t('member.union.title')}>
      <div className="row-plain">
        {union.data ? <Line union={union.data} /> : <Grey rows={depth(place.bodyCode)} />}
      </div>
      <RowLink to="/union">{t('member.union.more')}</RowLink>
    </Block>
  );
}

/** Lines where the union will stand: what is below does not move when it comes. */
function Grey({ rows }: { rows: number }) {
  const t = useT();
  return (
    <>
      <p className="small">{t('member.union.line')}</p>
      <ol className="line" aria-hidden="true">
        {Array.from({ length: rows }, (_, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: all are alike
          <li key={n}>
            <span className="grey line-grey">&nbsp;</span>
            {n === rows - 1 && <span className="small">&nbsp;</span>}
          </li>
        ))}
      </ol>
    </>
  );
}
