import { NoPage, NoRight, PageHead, useCan, useT } from '@gonghui/ui';
import { Tabs } from 'antd';
import { useNavigate, useParams } from 'react-router';
import { AccountTab } from './AccountTab.tsx';
import { ModulesTab } from './ModulesTab.tsx';
import { PolicyTab } from './PolicyTab.tsx';

export function SettingsPage() {
  const t = useT();
  const can = useCan();
  const navigate = useNavigate();
  const { tab } = useParams<'tab'>();
  const tabs = [
    { key: 'modules', shown: can('directory.modules'), children: <ModulesTab /> },
    { key: 'policy', shown: can('identity.policy'), children: <PolicyTab /> },
    { key: 'account', shown: true, children: <AccountTab /> },
  ];
  const current = tab ? tabs.find((x) => x.key === tab) : tabs.find((x) => x.shown);
  if (!current) return <NoPage />;
  return (
    <div className="page">
      <PageHead title={t('settings.title')} purpose={t('settings.purpose')} />
      {current.shown ? (
        <Tabs
          activeKey={current.key}
          onChange={(key) => void navigate(`/settings/${key}`)}
          destroyOnHidden
          items={tabs
            .filter((x) => x.shown)
            .map((x) => ({ key: x.key, label: t(`settings.tabs.${x.key}`), children: x.children }))}
        />
      ) : (
        <NoRight what={t(`settings.tabs.${current.key}`)} />
      )}
    </div>
  );
}
