import { pick, type Theme, useLocale, useT, useTheme } from '@gonghui/ui/base';
import { createContext, type ReactNode, use } from 'react';
import { Link, useLocation } from 'wouter';
import { useMe } from '../session.ts';
import { iconOf } from './icons.tsx';

type Tab = Theme['tabs'][number];

/** What stands there until the body's own row is known: the way about, whatever happens. */
const shipped = (t: (key: string) => string): Tab[] =>
  [
    { path: '/', key: 'home', icon: 'home', capability: 'session' },
    { path: '/file', key: 'file', icon: 'file', capability: 'member.own' },
    { path: '/me', key: 'me', icon: 'person', capability: 'session' },
  ].map((tab) => ({ ...tab, titleZh: t(`member.tabs.${tab.key}`), titleEn: '', fixed: true }));

/** The tabs that the person has: the body's row, without pages that are not theirs. */
function useTabs(): Tab[] {
  const t = useT();
  const { tabs } = useTheme();
  const { capabilities } = useMe();
  // A look that the device kept from an earlier version of the app knows no row.
  const row = tabs?.length > 0 ? tabs : shipped(t);
  return row.filter(({ capability }) => capability === 'session' || capabilities.includes(capability));
}

const InTab = createContext(false);

/** Whether the page is reached by a tab, and so needs no way back. */
export const useInTab = () => use(InTab);

/** A first-level page with the tabs under it. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="framed">
      <main className="page">{children}</main>
      <Tabs />
    </div>
  );
}

/** A page that is of the second level unless the body has made a tab of it. */
export function Level({ path, children }: { path: string; children: ReactNode }) {
  const tab = useTabs().some((one) => one.path === path);
  if (!tab) return children;
  return (
    <InTab value={true}>
      <div className="framed">
        {children}
        <Tabs />
      </div>
    </InTab>
  );
}

function Tabs() {
  const t = useT();
  const locale = useLocale();
  const [path] = useLocation();
  return (
    <nav className="tabs" aria-label={t('member.tabs.label')}>
      {useTabs().map(({ path: to, key, icon, titleZh, titleEn }) => (
        <Link
          key={key}
          href={to}
          className="tab"
          onClick={() => window.scrollTo(0, 0)}
          aria-current={path === to ? 'page' : undefined}
        >
          {iconOf(icon)}
          {pick(locale, titleZh, titleEn)}
        </Link>
      ))}
    </nav>
  );
}
