import { Bars, ErrorState, Section, useT } from '@gonghui/ui';
import { type Body, useOwnBody } from '../../data.ts';
import { TreeDown } from './TreeDown.tsx';

/** The line of bodies above, the own one, and the tree below. Names only. */
export function Hierarchy() {
  const t = useT();
  const own = useOwnBody();
  if (own.error && !own.data) return <ErrorState error={own.error} retry={() => void own.refetch()} />;
  if (!own.data) {
    return (
      <Section title={t('line.up')}>
        <Bars rows={8} height={24} />
      </Section>
    );
  }
  const { body, ancestors, otherAncestors } = own.data;
  return (
    <div className="two-columns">
      <Section title={t('line.down')} about={t('line.downAbout')}>
        <TreeDown body={body} />
      </Section>
      <div>
        <Section title={t('line.up')} about={t('line.upAbout')}>
          <LineUp above={ancestors} own={body} />
        </Section>
        {otherAncestors.length > 0 && (
          <Section title={t('line.other')} about={t('line.otherAbout')}>
            <LineUp above={otherAncestors} own={body} />
          </Section>
        )}
      </div>
    </div>
  );
}

function LineUp({ above, own }: { above: Body[]; own: Body }) {
  const t = useT();
  return (
    <ol className="line-up">
      {above.map((body) => (
        <li key={body.code}>
          <span>{body.name}</span>
          <span className="row-sub">{t(`org.levels.${body.level}`)}</span>
        </li>
      ))}
      <li className="line-own" aria-current="true">
        <span>{own.name}</span>
        <span className="row-sub">{t('line.own')}</span>
      </li>
    </ol>
  );
}
