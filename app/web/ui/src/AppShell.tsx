import {
  CheckOutlined,
  DesktopOutlined,
  DownOutlined,
  GlobalOutlined,
  MenuOutlined,
  MoonOutlined,
  SunOutlined,
} from '@ant-design/icons';
import { asApiError } from '@gonghui/api';
import { App, Button, Drawer, Dropdown, type MenuProps } from 'antd';
import { type ReactNode, useState } from 'react';
import { NavLink, useLocation, useNavigate } from 'react-router';
import { count } from './base/format.ts';
import { languageName, setLocale, useLanguages, useLocale, useT } from './base/i18n.ts';
import { Mark } from './base/Mark.tsx';
import { type ModeChoice, setMode, useMode } from './base/mode.ts';
import { useTheme } from './base/theme.ts';
import { goTo, useMe, useSignOut } from './session.tsx';
import { useWide } from './useWide.ts';

export interface ShellEntry {
  key: string;
  /** Inside the app. */
  path: string;
  title: string;
  icon?: ReactNode;
  /** How many things wait there. */
  waiting?: number;
  /** Leads out of the app, in place of the path. */
  href?: string;
  /** A heading over these, with no page of its own. */
  entries?: ShellEntry[];
}

interface Props {
  /** The menu; without entries there is no sider. */
  menu: ShellEntry[];
  /** Where the own account's protection is, inside the app. */
  security?: string;
  /** Beside the name in the header: a search box, a breadcrumb. */
  extra?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: name and logo of the body, menu, places, language, dark mode, way out. */
export function AppShell({ menu, security, extra, children }: Props) {
  const t = useT();
  const wide = useWide();
  const theme = useTheme();
  const { pathname } = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  const nav = (
    <nav className="shell-menu" aria-label={t('shell.menu')}>
      {menu.map((entry) =>
        entry.entries ? (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
          <div key={entry.key} role="group" aria-labelledby={`menu-${entry.key}`} className="shell-group">
            <span id={`menu-${entry.key}`} className="shell-group-title">
              {entry.title}
            </span>
            {entry.entries.map((inner) => (
              <Entry key={inner.key} entry={inner} />
            ))}
          </div>
        ) : (
          <Entry key={entry.key} entry={entry} />
        ),
      )}
    </nav>
  );
  const name = theme.bodyName || theme.appName || t('product');
  return (
    <div className={menu.length > 0 ? 'shell' : 'shell shell-plain'}>
      <a className="shell-skip" href="#content">
        {t('shell.skip')}
      </a>
      <header className="shell-head">
        {!wide && menu.length > 0 && (
          <Button
            type="text"
            icon={<MenuOutlined aria-hidden />}
            aria-label={t('shell.menu')}
            onClick={() => setOpenAt(pathname)}
          />
        )}
        <NavLink to="/" className="shell-name" title={name}>
          <Mark />
          <span>{name}</span>
          {wide && theme.appName !== '' && theme.appName !== name && <small>{theme.appName}</small>}
        </NavLink>
        <div className="shell-extra">{extra}</div>
        {(wide || menu.length === 0) && <Looks compact={!wide} />}
        <Account security={security} />
      </header>
      {wide && menu.length > 0 && <aside className="shell-side">{nav}</aside>}
      {!wide && (
        // Open only on the page where it was opened: following a link closes it.
        <Drawer
          open={openAt === pathname}
          onClose={() => setOpenAt(null)}
          placement="left"
          size={280}
          closable={{ 'aria-label': t('act.close') }}
          title={<span className="shell-drawer-name">{theme.bodyName || name}</span>}
          styles={{ body: { padding: 8 } }}
        >
          <div className="shell-drawer">
            {nav}
            <Looks />
          </div>
        </Drawer>
      )}
      <main id="content" className="shell-main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Entry({ entry }: { entry: ShellEntry }) {
  const t = useT();
  if (entry.href) {
    return (
      <a href={entry.href} target="_blank" rel="noopener noreferrer" className="shell-entry">
        {entry.icon}
        <span className="shell-entry-title">{entry.title}</span>
        <span className="unseen">{t('shell.away')}</span>
      </a>
    );
  }
  return (
    <NavLink to={entry.path} end={entry.path === '/'} className="shell-entry">
      {entry.icon}
      <span className="shell-entry-title">{entry.title}</span>
      {!!entry.waiting && (
        <span className="shell-waiting num">
          <span aria-hidden="true">{entry.waiting > 99 ? '99+' : entry.waiting}</span>
          <span className="unseen">{t('shell.waiting', { n: count(entry.waiting) })}</span>
        </span>
      )}
    </NavLink>
  );
}

const modeIcons: Record<ModeChoice, ReactNode> = {
  system: <DesktopOutlined aria-hidden />,
  light: <SunOutlined aria-hidden />,
  dark: <MoonOutlined aria-hidden />,
};

/** Language and dark mode; compact shows the signs alone. */
export function Looks({ compact }: { compact?: boolean }) {
  const t = useT();
  const locale = useLocale();
  const { choice, dark } = useMode();
  const modes: MenuProps = {
    selectable: true,
    selectedKeys: [choice],
    items: [
      { key: 'system', icon: modeIcons.system, label: t('shell.system') },
      { key: 'light', icon: modeIcons.light, label: t('shell.light') },
      { key: 'dark', icon: modeIcons.dark, label: t('shell.dark') },
    ],
    onClick: ({ key }) => setMode(key as ModeChoice),
  };
  const other = useLanguages().find((one) => one !== locale);
  return (
    <div className="shell-looks">
      {other && (
        <Button
          type="text"
          icon={<GlobalOutlined aria-hidden />}
          lang={other === 'zh' ? 'zh-CN' : 'en'}
          aria-label={languageName(other)}
          onClick={() => setLocale(other)}
        >
          {!compact && languageName(other)}
        </Button>
      )}
      <Dropdown menu={modes} trigger={['click']} placement="bottomRight">
        <Button
          type="text"
          icon={modeIcons[dark ? 'dark' : 'light']}
          aria-label={t('shell.theme')}
          title={t('shell.theme')}
        />
      </Dropdown>
    </div>
  );
}

/** Who is signed in, the person's other places, and the way out. */
function Account({ security }: { security?: string }) {
  const t = useT();
  const me = useMe();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const locale = useLocale();
  const { message } = App.useApp();
  const fail = (thrown: unknown) => void message.error(asApiError(thrown).text(locale));
  const label = (role: string) => t(`role.${role}`);
  const items: NonNullable<MenuProps['items']> = [
    {
      key: 'here',
      disabled: true,
      className: 'shell-here',
      icon: <CheckOutlined aria-hidden />,
      label: <PlaceLine name={me.place.bodyName} role={label(me.place.role)} />,
    },
  ];
  if (me.places.length > 0) {
    items.push({
      type: 'group',
      label: t('shell.otherPlaces'),
      children: me.places.map((p) => ({
        key: p.identityId,
        label: (
          <PlaceLine
            name={p.role === 'supervisor' ? t('shell.supervisionOf', { name: p.bodyName }) : p.bodyName}
            role={label(p.role)}
          />
        ),
      })),
    });
  }
  items.push({ type: 'divider' });
  if (security) items.push({ key: 'security', label: t('shell.security') });
  items.push({ key: 'out', label: t('shell.signOut') });
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        items,
        className: 'shell-account',
        onClick: ({ key }) => {
          const place = me.places.find((p) => p.identityId === key);
          if (place) goTo(place).catch(fail);
          else if (key === 'security' && security) void navigate(security);
          else if (key === 'out') signOut().then(() => navigate('/sign-in'), fail);
        },
      }}
    >
      <Button type="text" aria-label={t('shell.account', { name: me.name })} className="shell-me">
        <span className="shell-me-name">{me.name}</span>
        <DownOutlined aria-hidden />
      </Button>
    </Dropdown>
  );
}

function PlaceLine({ name, role }: { name: string; role: string }) {
  return (
    <span className="place-line">
      <span>{name}</span>
      <span className="place-role">{role}</span>
    </span>
  );
}
