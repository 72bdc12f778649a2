import { api } from '@gonghui/api';
import { addTexts, dateTime } from '@gonghui/ui';
import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeAll, expect, test, vi } from 'vitest';
import { draw } from '../../../../ui/src/testing.tsx';
import meetingsEn from '../../i18n/meetings.en.ts';
import meetingsZh from '../../i18n/meetings.zh.ts';
import planningEn from '../../i18n/planning.en.ts';
import planningZh from '../../i18n/planning.zh.ts';
import { CalendarPage } from './CalendarPage.tsx';

vi.mock('@gonghui/ui', async (original) => ({
  ...(await original<object>()),
  useCan: () => () => true,
  useMe: () => ({ place: { identityId: 'me', bodyCode: '440103', bodyName: 'Liwan' } }),
}));

beforeAll(() => {
  addTexts({ zh: { ...meetingsZh, ...planningZh }, en: { ...meetingsEn, ...planningEn } });
  vi.spyOn(window, 'matchMedia').mockImplementation(
    (query) => ({ matches: query.includes('min-width'), addEventListener() {}, removeEventListener() {} }) as never,
  );
});

/** An hour from now, so that it is ahead whenever the test runs. */
const soon = new Date(Date.now() + 3600_000);
const day = dateTime(soon).slice(0, 10);

const entry = (more: object) => ({
  number: '1234567890',
  title: 'Weekly',
  startsAt: soon.toISOString(),
  minutes: 60,
  state: 'planned',
  hostName: 'Zhang',
  bodyCode: '',
  bodyName: '',
  ownRole: 'host',
  answer: '',
  page: '',
  repeats: false,
  ...more,
});

function serve() {
  const asked: Record<string, unknown>[] = [];
  const given = vi.fn();
  vi.spyOn(api, 'GET').mockImplementation((async (_: string, init: { params: { query: Record<string, unknown> } }) => {
    asked.push(init.params.query);
    const entries = [
      entry({ id: 'own' }),
      entry({ id: 'away', title: 'Province', bodyCode: '440000', bodyName: 'Guangdong', ownRole: 'audience' }),
    ];
    return { data: { entries, nextPageToken: '' }, response: new Response() };
  }) as never);
  vi.spyOn(api, 'POST').mockImplementation((async (path: string, init: { body: object }) => {
    given(path, init.body);
    return { data: entry({ id: 'away', answer: 'yes' }), response: new Response() };
  }) as never);
  return { asked, given };
}

test('a day shows what is held here and what others invite to, each with its own way in', async () => {
  const { asked } = serve();
  draw(<CalendarPage />, { path: '/meetings/calendar', at: `/meetings/calendar?view=week&day=${day}` });
  const rows = within(await screen.findByRole('region', { name: `Meetings of ${day}` }));
  await rows.findByText('Weekly');
  const ways = rows.getAllByRole('link', { name: 'Enter' }).map((one) => one.getAttribute('href'));
  expect(ways).toEqual(['/meet/1234567890', '/meet/1234567890?for=440000']);
  expect(rows.getByText(/Held by Guangdong/)).toBeTruthy();
  expect(rows.getAllByRole('link', { name: 'Details' })).toHaveLength(1);
  const cell = screen.getByRole('button', { name: new RegExp(`^${day}, 2 meetings`) });
  expect(cell.getAttribute('aria-pressed')).toBe('true');
  expect(Date.parse(String(asked[0]?.to)) - Date.parse(String(asked[0]?.from))).toBe(7 * 24 * 3600_000);
  expect(asked[0]?.whole).toBe(false);
});

test('an answer goes out at once, a refusal only with its reason', async () => {
  const { given } = serve();
  draw(<CalendarPage />, { path: '/meetings/calendar', at: `/meetings/calendar?day=${day}` });
  const choices = await screen.findByRole('radiogroup', { name: 'Will you come?' });
  await act(async () => fireEvent.click(within(choices).getByText('Yes')));
  expect(given).toHaveBeenLastCalledWith('/v1/meetings/{id}:answer', {
    id: 'away',
    answer: 'yes',
    note: '',
    identityId: '',
  });
  await act(async () => fireEvent.click(within(choices).getByText('No')));
  const dialog = within(await screen.findByRole('dialog'));
  await act(async () => fireEvent.click(dialog.getByText('Send')));
  await dialog.findByText('Say why');
  expect(given).toHaveBeenCalledTimes(1);
  fireEvent.change(dialog.getByLabelText('Why you cannot come'), { target: { value: 'On a journey' } });
  await act(async () => fireEvent.click(dialog.getByText('Send')));
  await vi.waitFor(() => expect(given).toHaveBeenCalledTimes(2));
  expect(given).toHaveBeenLastCalledWith('/v1/meetings/{id}:answer', {
    id: 'away',
    answer: 'no',
    note: 'On a journey',
    identityId: '',
  });
});

test('months are gone through by buttons, and the whole union is shown when asked for', async () => {
  const { asked } = serve();
  const { router } = draw(<CalendarPage />, { path: '/meetings/calendar', at: '/meetings/calendar?day=2026-12-31' });
  await screen.findByText('2026-12');
  await act(async () => fireEvent.click(screen.getByRole('button', { name: 'After' })));
  await screen.findByText('2027-01');
  await act(async () => fireEvent.click(screen.getByText('All of this union')));
  await vi.waitFor(() => expect(asked.at(-1)?.whole).toBe(true));
  expect(router.state.location.search).toContain('of=all');
});
