import { NoPage, NoRight, PageHead, PageTabs, useCan, useT } from '@gonghui/ui';
import { ExplainTab, GrantsTab, RolesTab, SeatContext } from '@gonghui/ui/rights';
import type { ReactNode } from 'react';
import { useNavigate, useParams } from 'react-router';

const seat = { above: true };

/** Rights from above: templates for those below, what reaches whom, and why. They are given by each body itself. */
export function RightsPage() {
  const t = useT();
  const can = useCan();
  const navigate = useNavigate();
  const { tab = 'roles' } = useParams<'tab'>();
  const tabs: { key: string; shown: boolean; children: ReactNode }[] = [
    { key: 'roles', shown: can('access.read'), children: <RolesTab /> },
    { key: 'grants', shown: can('access.read'), children: <GrantsTab /> },
    { key: 'explain', shown: true, children: <ExplainTab /> },
  ];
  const current = tabs.find((one) => one.key === tab);
  if (!current) return <NoPage />;
  return (
    <SeatContext value={seat}>
      <div className="page">
        <PageHead title={t('hqRights.title')} purpose={t('hqRights.purpose')} />
        {current.shown ? (
          <PageTabs
            label={t('hqRights.title')}
            active={tab}
            go={(key) => void navigate(`/access/${key}`)}
            items={tabs
              .filter((one) => one.shown)
              .map(({ key, children }) => ({ key, label: t(`rights.tabs.${key}`), children }))}
          />
        ) : (
          <NoRight what={t('hqRights.title')} capability="access.read" />
        )}
      </div>
    </SeatContext>
  );
}
