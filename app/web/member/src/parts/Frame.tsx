import { useT } from '@gonghui/ui/base';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useMe } from '../session.ts';
import { FileIcon, HomeIcon, PersonIcon } from './icons.tsx';

const tabs = [
  { path: '/', key: 'home', Icon: HomeIcon },
  { path: '/file', key: 'file', Icon: FileIcon, capability: 'member.own' },
  { path: '/me', key: 'me', Icon: PersonIcon },
] as const;

/** A first-level page with the tabs under it. */
export function Frame({ children }: { children: ReactNode }) {
  const t = useT();
  const [path] = useLocation();
  const { capabilities } = useMe();
  const shown = tabs.filter((tab) => !('capability' in tab) || capabilities.includes(tab.capability));
  return (
    <div className="framed">
      <main className="page">{children}</main>
      <nav className="tabs" aria-label={t('member.tabs.label')}>
        {shown.map(({ path: to, key, Icon }) => (
          <Link
            key={key}
            href={to}
            className="tab"
            onClick={() => window.scrollTo(0, 0)}
            aria-current={path === to ? 'page' : undefined}
          >
            <Icon />
            {t(`member.tabs.${key}`)}
          </Link>
        ))}
      </nav>
    </div>
  );
}
