import { api, take } from '@gonghui/api';
import { Facts, Section, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { holderKeys } from './holders.ts';

/** Whether the three administrators are there. Each figure leads to who they are. */
export function DutyRow() {
  const t = useT();
  const { data } = useQuery({ queryKey: holderKeys.duties, queryFn: () => take(api.GET('/v1/duties')) });
  if (!data) return null;
  return (
    <div style={{ marginTop: 24 }}>
      <Section title={t('accounts.duties')}>
        <Facts
          items={data.duties.map((duty) => ({
            label: t(`role.${duty.role}`),
            value: (
              <>
                {duty.holders > 0 ? (
                  <Link to={`/accounts?role=${duty.role}`}>{t('accounts.dutyCount', { n: duty.holders })}</Link>
                ) : (
                  t('accounts.dutyNone')
                )}
                {duty.invited > 0 && <span className="row-mark">{t('accounts.dutyInvited', { n: duty.invited })}</span>}
              </>
            ),
          }))}
        />
      </Section>
    </div>
  );
}
