import { NoPage, NoRight, PageHead, PageTabs, useCan, useT } from '@gonghui/ui';
import { ExplainTab, GrantsTab, RolesTab } from '@gonghui/ui/rights';
import type { ReactNode } from 'react';
import { useNavigate, useParams } from 'react-router';
import { GroupsTab } from './GroupsTab.tsx';
import { PostsTab } from './PostsTab.tsx';
import { SeparationTab } from './SeparationTab.tsx';

/** Rights: who may do what where, and why. */
export function AccessPage() {
  const t = useT();
  const can = useCan();
  const navigate = useNavigate();
  const { tab = 'roles' } = useParams<'tab'>();
  const read = can('access.read');
  const tabs: { key: string; shown: boolean; children: ReactNode }[] = [
    { key: 'roles', shown: read, children: <RolesTab /> },
    { key: 'grants', shown: read, children: <GrantsTab /> },
    { key: 'posts', shown: read && can('org.read'), children: <PostsTab /> },
    { key: 'groups', shown: read, children: <GroupsTab /> },
    { key: 'explain', shown: true, children: <ExplainTab /> },
    { key: 'separation', shown: read, children: <SeparationTab /> },
  ];
  const current = tabs.find((one) => one.key === tab);
  if (!current) return <NoPage />;
  return (
    <div className="page">
      <PageHead title={t('rights.title')} purpose={t('rights.purpose')} />
      {current.shown ? (
        <PageTabs
          label={t('rights.title')}
          active={tab}
          go={(key) => void navigate(`/access/${key}`)}
          items={tabs
            .filter((one) => one.shown)
            .map(({ key, children }) => ({ key, label: t(`rights.tabs.${key}`), children }))}
        />
      ) : (
        <NoRight what={t('rights.title')} capability="access.read" />
      )}
    </div>
  );
}
