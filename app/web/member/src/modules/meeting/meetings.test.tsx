import { api } from '@gonghui/api';
import { addTexts } from '@gonghui/ui/base';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import en from '../../i18n/pages.en.ts';
import zh from '../../i18n/pages.zh.ts';
import type { Entry } from './entries.ts';
import { MeetingCard } from './MeetingCard.tsx';
import Reminders from './Reminders.tsx';

beforeAll(() => addTexts({ zh, en }));
beforeEach(() => localStorage.setItem('gonghui.locale', 'en'));

const soon = new Date(Date.now() + 20 * 60_000).toISOString();

/** Answers calls by their path; what was sent is told. */
function serve(answers: Record<string, (sent: never) => unknown>) {
  const calls: [string, unknown][] = [];
  const answer = async (path: string, init?: object) => {
    calls.push([path, init]);
    return { data: answers[path]?.(init as never), response: new Response() };
  };
  vi.spyOn(api, 'GET').mockImplementation(answer as never);
  vi.spyOn(api, 'POST').mockImplementation(answer as never);
  return calls;
}

const draw = (what: ReactNode) =>
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      {what}
    </QueryClientProvider>,
  );

test('a reminder leads into the meeting, and is gone once it is put away', async () => {
  const due = [
    {
      meetingId: 'a',
      number: '1234567890',
      title: 'Weekly',
      startsAt: soon,
      state: 'planned',
      bodyCode: '440000',
      bodyName: 'Province',
    },
  ];
  const calls = serve({
    '/v1/meetings:reminders': () => ({ reminders: [...due] }),
    '/v1/meetings/{id}:dismiss': () => {
      due.length = 0;
      return {};
    },
  });
  draw(<Reminders />);
  const way = await screen.findByRole('link');
  expect(way.getAttribute('href')).toBe('/meet/1234567890?for=440000');
  fireEvent.click(screen.getByRole('button'));
  await waitFor(() => expect(screen.queryByRole('link')).toBeNull());
  expect(calls.find(([path]) => path.endsWith(':dismiss'))?.[1]).toMatchObject({ params: { path: { id: 'a' } } });
});

const entry: Entry = {
  id: 'm',
  number: '1234567890',
  title: 'Weekly',
  startsAt: soon,
  minutes: 60,
  state: 'planned',
  hostName: 'Zhang',
  bodyCode: '',
  bodyName: '',
  ownRole: 'speaker',
  answer: '',
  page: '',
  repeats: false,
  place: 'Room 302',
};

test('who cannot come finds a colleague by the whole name, and sends them', async () => {
  const calls = serve({
    '/v1/meetings/{id}/substitutes': ({ params }: { params: { query: { query: string } } }) => ({
      people: params.query.query === 'Wang Wu' ? [{ identityId: 'w', name: 'Wang Wu', role: 'member' }] : [],
    }),
    '/v1/meetings/{id}:answer': () => ({ ...entry, answer: 'substitute' }),
  });
  const { container } = draw(<MeetingCard entry={entry} />);
  expect(container.textContent).toContain('Room 302');
  const radios = within(container).getAllByRole('radio');
  expect(radios).toHaveLength(4);
  fireEvent.click(radios[3] as HTMLElement);
  const dialog = await screen.findByRole('dialog');
  const field = within(dialog).getByRole('textbox');
  const press = () => fireEvent.submit(dialog.querySelector('form') as HTMLFormElement);
  press();
  await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
  fireEvent.change(field, { target: { value: 'Wang' } });
  press();
  await waitFor(() => expect(calls.some(([path]) => path.endsWith('/substitutes'))).toBe(true));
  await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
  fireEvent.change(field, { target: { value: 'Wang Wu' } });
  press();
  // The one of that name is chosen already.
  await within(dialog).findByText(/^Wang Wu/);
  press();
  await waitFor(() => expect(calls.some(([path]) => path.endsWith(':answer'))).toBe(true));
  expect(calls.find(([path]) => path.endsWith(':answer'))?.[1]).toMatchObject({
    body: { id: 'm', answer: 'substitute', identityId: 'w', note: '' },
  });
});
