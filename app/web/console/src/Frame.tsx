import { AppstoreOutlined } from '@ant-design/icons';
import { AppShell, EmptyState, useLocale, useMe, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { Outlet } from 'react-router';
import { AssistanceBanner } from './AssistanceBanner.tsx';
import { entries } from './menu.tsx';
import { Reminders } from './pages/meetings/Reminders.tsx';
import { useOpenRequests } from './pages/requests/useOpenRequests.ts';

/** The shell of the console: its menu is what the body has made of it for this person's role and rights. */
export function Frame() {
  const t = useT();
  const locale = useLocale();
  const me = useMe();
  const waiting: Record<string, number> = {
    requests: useOpenRequests(me.place.role !== 'member' && me.menu.some((entry) => entry.key === 'requests')),
  };
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
  return (
    <AppShell menu={entries(me.menu, locale, waiting)} security="/settings/account">
      <AssistanceBanner />
      <Reminders />
      <Outlet />
    </AppShell>
  );
}
