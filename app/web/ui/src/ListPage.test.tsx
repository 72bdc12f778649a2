import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeAll, expect, test, vi } from 'vitest';
import { ListPage } from './ListPage.tsx';
import { draw } from './testing.tsx';
import { useDetail } from './useDetail.ts';

beforeAll(() => {
  // A wide screen.
  vi.spyOn(window, 'matchMedia').mockImplementation(
    (query) => ({ matches: query.includes('min-width'), addEventListener() {}, removeEventListener() {} }) as never,
  );
});

interface Row {
  id: string;
  name: string;
}

const rows: Row[] = Array.from({ length: 5 }, (_, i) => ({ id: `r${i}`, name: `Row ${i}` }));

function Rows({ load }: { load: (q: string, token: string) => void }) {
  const detail = useDetail('/rows');
  return (
    <ListPage<Row>
      id="rows"
      title="Rows"
      purpose="All rows."
      columns={[
        { key: 'name', title: 'Name', render: (r) => r.name },
        { key: 'id', title: 'Id', render: (r) => r.id },
      ]}
      filters={[{ key: 'q', kind: 'search', label: 'Find', placeholder: '' }]}
      queryKey={['rows']}
      pageSize={2}
      load={async ({ filters, pageToken, pageSize }) => {
        load(filters.q ?? '', pageToken);
        const found = rows.filter((r) => r.name.includes(filters.q ?? ''));
        const from = Number(pageToken || 0);
        const next = from + pageSize < found.length ? String(from + pageSize) : '';
        return { rows: found.slice(from, from + pageSize), next, total: found.length };
      }}
      rowKey={(r) => r.id}
      href={detail.href}
      open={detail.open}
      empty={{ title: 'No rows yet' }}
    >
      {detail.id && <p>Open {detail.id}</p>}
    </ListPage>
  );
}

const list = (at: string, load = vi.fn()) => draw(<Rows load={load} />, { path: '/rows/:id?', at });
const press = async (name: string) =>
  act(async () => fireEvent.click(screen.getByText(name, { selector: 'button span' })));

test('pages forward and back by keys, the place in the address', async () => {
  const { router } = list('/rows');
  await screen.findByText('Row 0');
  await press('Next');
  await screen.findByText('Row 2');
  expect(router.state.location.search).toBe('?after=2');
  await press('Next');
  await screen.findByText('Row 4');
  expect(screen.getByText('Page 3')).toBeTruthy();
  expect(screen.queryByText('Next')).toBeNull();
  await press('Previous');
  await screen.findByText('Row 2');
});

test('a page opened by its address knows the way to the first', async () => {
  list('/rows?after=2');
  await screen.findByText('Row 2');
  await press('Back to the first page');
  await screen.findByText('Row 0');
});

test('a row opens over the list, filters and place kept', async () => {
  const { router } = list('/rows?after=2');
  const link = await screen.findByText('Row 2');
  expect(link.getAttribute('href')).toBe('/rows/r2?after=2');
  await act(async () => fireEvent.click(link));
  await screen.findByText('Open r2');
  expect(router.state.location.pathname + router.state.location.search).toBe('/rows/r2?after=2');
});

test('a search goes into the address and back to the first page', async () => {
  const load = vi.fn();
  const { router } = list('/rows?after=2', load);
  await screen.findByText('Row 2');
  fireEvent.change(screen.getByLabelText('Find'), { target: { value: 'Row 4' } });
  await screen.findByText('Row 4');
  expect(router.state.location.search).toBe('?q=Row+4');
  expect(load).toHaveBeenLastCalledWith('Row 4', '');
});

test('nothing found and nothing there are told apart', async () => {
  list('/rows?q=zzz');
  await screen.findByText('Nothing matches');
  await press('Clear filters');
  await screen.findByText('Row 0');
});

test('/ jumps into the search, arrows walk the rows', async () => {
  list('/rows');
  await screen.findByText('Row 0');
  fireEvent.keyDown(document.body, { key: '/' });
  const search = screen.getByLabelText('Find');
  await waitFor(() => expect(document.activeElement).toBe(search));
  fireEvent.keyDown(search, { key: 'ArrowDown' });
  expect(document.activeElement?.textContent).toBe('Row 0');
  fireEvent.keyDown(document.activeElement ?? search, { key: 'ArrowDown' });
  expect(document.activeElement?.textContent).toBe('Row 1');
});
