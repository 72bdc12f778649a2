import {
  ApartmentOutlined,
  AppstoreOutlined,
  AuditOutlined,
  HomeOutlined,
  IdcardOutlined,
  ImportOutlined,
  ScanOutlined,
  SettingOutlined,
  TeamOutlined,
  UserSwitchOutlined,
} from '@ant-design/icons';
import { AppShell, EmptyState, pick, type ShellEntry, useLocale, useMe, useT } from '@gonghui/ui';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { Outlet } from 'react-router';
import { useOpenRequests } from './pages/requests/useOpenRequests.ts';

/** The pages that this app can draw, by the key of their menu entry. */
const pages: Record<string, { path: string; icon: ReactNode }> = {
  organisation: { path: '/organisation', icon: <ApartmentOutlined aria-hidden /> },
  officers: { path: '/officers', icon: <IdcardOutlined aria-hidden /> },
  members: { path: '/members', icon: <TeamOutlined aria-hidden /> },
  imports: { path: '/imports', icon: <ImportOutlined aria-hidden /> },
  duplicates: { path: '/duplicates', icon: <UserSwitchOutlined aria-hidden /> },
  requests: { path: '/requests', icon: <AuditOutlined aria-hidden /> },
  scan: { path: '/scan', icon: <ScanOutlined aria-hidden /> },
};

/** The shell of the console: what the server puts on this person's menu, between home and settings. */
export function Frame() {
  const t = useT();
  const locale = useLocale();
  const me = useMe();
  const waiting: Record<string, number> = {
    requests: useOpenRequests(me.place.role !== 'member' && me.menu.some((entry) => entry.key === 'requests')),
  };
  const own = me.menu.flatMap((entry): ShellEntry[] => {
    const page = pages[entry.key] ?? pages[entry.path.split('/').pop() ?? ''];
    return page
      ? [{ key: entry.key, title: pick(locale, entry.titleZh, entry.titleEn), waiting: waiting[entry.key], ...page }]
      : [];
  });
  if (me.place.role === 'member') {
    return (
      <AppShell menu={[]}>
        <EmptyState
          page
          title={t('staffOnly.title')}
          why={t('staffOnly.why')}
          action={
            <Button type="primary" href="/" icon={<AppstoreOutlined aria-hidden />}>
              {t('staffOnly.act')}
            </Button>
          }
        />
      </AppShell>
    );
  }
  const menu: ShellEntry[] = [
    { key: 'home', path: '/', title: t('menu.home'), icon: <HomeOutlined aria-hidden /> },
    ...own,
    { key: 'settings', path: '/settings', title: t('menu.settings'), icon: <SettingOutlined aria-hidden /> },
  ];
  return (
    <AppShell menu={menu}>
      <Outlet />
    </AppShell>
  );
}
