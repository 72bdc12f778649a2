import { AppShell, useWide } from '@gonghui/ui';
import { Outlet } from 'react-router';
import { BodySearch } from './pages/search/BodySearch.tsx';

/** The frame of every page: on a phone the search box has a row of its own. */
export function Frame() {
  const wide = useWide();
  return (
    <AppShell menu={[]} extra={wide ? <BodySearch /> : undefined}>
      {!wide && (
        <div className="search-row">
          <BodySearch />
        </div>
      )}
      <Outlet />
    </AppShell>
  );
}
