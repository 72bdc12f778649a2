import { NoPage, NoRight, PageHead, useCan, useT } from '@gonghui/ui';
import { Tabs } from 'antd';
import { useNavigate, useParams } from 'react-router';
import { Departments } from './Departments.tsx';
import { Hierarchy } from './Hierarchy.tsx';
import { ProfileTab } from './ProfileTab.tsx';

export function OrganisationPage() {
  const t = useT();
  const can = useCan();
  const navigate = useNavigate();
  const { tab = 'profile' } = useParams<'tab'>();
  const tabs = [
    { key: 'profile', shown: can('org.read'), children: <ProfileTab /> },
    { key: 'departments', shown: can('org.read'), children: <Departments /> },
    { key: 'hierarchy', shown: can('directory.tree'), children: <Hierarchy /> },
  ];
  const current = tabs.find((x) => x.key === tab);
  if (!current) return <NoPage />;
  return (
    <div className="page">
      <PageHead title={t('org.title')} purpose={t('org.purpose')} />
      {current.shown ? (
        <Tabs
          activeKey={tab}
          onChange={(key) => void navigate(`/organisation/${key}`)}
          destroyOnHidden
          items={tabs
            .filter((x) => x.shown)
            .map((x) => ({ key: x.key, label: t(`org.tabs.${x.key}`), children: x.children }))}
        />
      ) : (
        <NoRight what={t('org.title')} />
      )}
    </div>
  );
}
