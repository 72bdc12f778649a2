import type { Schemas } from '@gonghui/api';
import { date, useT } from '@gonghui/ui/base';
import { lineage } from '../../rules/card.ts';

/** The line of bodies from the nation down to the own one. */
export function Line({ union }: { union: Schemas['GetOwnBodyReply'] }) {
  const t = useT();
  const { body, ancestors, otherAncestors } = union;
  const direct = otherAncestors[otherAncestors.length - 1];
  return (
    <>
      <p className="small">{t('member.union.line')}</p>
      <ol className="line">
        {lineage(ancestors, body).map((one) => (
          <li key={one.code} className={one.code === body.code ? 'line-own' : undefined}>
            <span>{one.name}</span>
            {one.code === body.code && (
              <span className="small">
                {body.foundedOn ? t('member.union.founded', { date: date(body.foundedOn) }) : t('member.union.own')}
              </span>
            )}
          </li>
        ))}
      </ol>
      {direct && <p className="small line-other">{t('member.union.other', { name: direct.name })}</p>}
    </>
  );
}
