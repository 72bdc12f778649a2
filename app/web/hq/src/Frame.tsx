import { AppShell, useCan, useT, useWide } from '@gonghui/ui';
import { Link, Outlet } from 'react-router';
import { BodySearch } from './pages/search/BodySearch.tsx';

/** The pages beside the figures, by the right that opens them. */
const pages = [
  { right: 'supervise.ask', path: '/supervision', text: 'oversee.mine' },
  { right: 'builder.oversee', path: '/apps', text: 'fleet.open' },
  { right: 'access.explain', path: '/access', text: 'hqRights.open' },
  { right: 'branding.domains', path: '/domains', text: 'domains.open' },
  { right: 'audit.read', path: '/audit', text: 'hq.audit' },
  { right: 'identity.merge', path: '/merges', text: 'merges.open' },
] as const;

/** The frame of every page: on a phone search and links have a row of their own. */
export function Frame() {
  const t = useT();
  const can = useCan();
  const wide = useWide();
  const open = pages.filter((page) => can(page.right));
  const beside = (
    <>
      {can('rollup.read') && <BodySearch />}
      {open.length > 0 && (
        <nav className="frame-links">
          {open.map((page) => (
            <Link key={page.path} to={page.path} className="frame-link">
              {t(page.text)}
            </Link>
          ))}
        </nav>
      )}
    </>
  );
  return (
    <AppShell menu={[]} security="/security" extra={wide ? beside : undefined}>
      {!wide && <div className="search-row">{beside}</div>}
      <Outlet />
    </AppShell>
  );
}
