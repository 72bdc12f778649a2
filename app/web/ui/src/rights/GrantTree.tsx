import { useQuery } from '@tanstack/react-query';
import { type Grant, useMe, useT } from '../index.ts';
import { BodyTree } from './BodyTree.tsx';
import { setsQuery } from './queries.ts';
import { reach } from './rights.ts';

/** Where grants begin and how far they reach: one alone, shaded by depth, or all that are listed, counted. */
export function GrantTree({ grants, chosen }: { grants: Grant[]; chosen: Grant | undefined }) {
  const t = useT();
  const me = useMe();
  const sets = useQuery(setsQuery);
  return (
    <>
      <BodyTree
        label={t('grants.tree')}
        mark={(_, chain, line) => {
          const at = (grant: Grant) => reach(grant.scope, chain, line, me.place.bodyCode, sets.data ?? []);
          if (chosen) {
            const r = at(chosen);
            if (!r) return {};
            const effect = chosen.effect === 'deny' ? 'reach-deny' : 'reach-allow';
            return {
              className: `${effect} reach-${Math.min(r.below, 4)}${r.part ? ' reach-part' : ''}`,
              aside:
                r.below === 0 && chosen.scope.kind !== 'set' ? t('grants.anchor') : t('grants.below', { n: r.below }),
            };
          }
          const reaching = grants.filter((grant) => grant.state === 'running' && at(grant));
          if (reaching.length === 0) return {};
          const here = reaching.filter((grant) => at(grant)?.below === 0).length;
          const denied = reaching.filter((grant) => grant.effect === 'deny').length;
          return {
            className: here > 0 ? 'reach-allow reach-1' : 'reach-allow reach-3',
            aside: [
              t('grants.reaching', { count: reaching.length }),
              here > 0 ? t('grants.here', { n: here }) : '',
              denied > 0 ? t('grants.denying', { n: denied }) : '',
            ]
              .filter(Boolean)
              .join(' · '),
          };
        }}
      />
      <ul className="reach-legend" aria-label={t('grants.legend')}>
        <li>
          <span className="reach-swatch reach-allow reach-0" /> {t('grants.legendAnchor')}
        </li>
        <li>
          <span className="reach-swatch reach-allow reach-3" /> {t('grants.legendBelow')}
        </li>
        <li>
          <span className="reach-swatch reach-allow reach-0 reach-part" /> {t('grants.legendPart')}
        </li>
        <li>
          <span className="reach-swatch reach-deny reach-0" /> {t('grants.legendDeny')}
        </li>
      </ul>
    </>
  );
}
