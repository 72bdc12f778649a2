import { api, type Full, type Schemas, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';
import { type Meeting, meetingKeys } from './meetings.ts';

export type Agenda = Full<Schemas['Agenda']>;
export type Paper = Full<Schemas['Paper']>;

/** An item as the form holds it. */
export interface ItemValues {
  id?: string;
  title: string;
  minutes?: number | null;
  presenter?: string;
  note?: string;
}

export const agendaKey = (id: string) => [...meetingKeys.list, 'agenda', id];

export const agendaOf = (id: string) => take(api.GET('/v1/meetings/{id}/agenda', { params: { path: { id } } }));

export const useAgenda = (id: string) => useQuery({ queryKey: agendaKey(id), queryFn: () => agendaOf(id) });

/** itemsOf is an agenda as the form shows it; without ids it is that of another meeting. */
export const itemsOf = (agenda: Agenda, own: boolean): ItemValues[] =>
  agenda.items.map(({ id, title, minutes, presenter, note }) => ({
    ...(own && { id }),
    title,
    minutes: minutes || null,
    presenter,
    note,
  }));

/** asItems is what the form says, as the server takes it. A presenter who bears the name of one invitee alone is that one. */
export function asItems(values: readonly ItemValues[], invitees: Meeting['invitees']) {
  return values.map(({ id, title, minutes, presenter, note }) => {
    const name = presenter?.trim() ?? '';
    const called = invitees.filter((one) => one.name === name);
    return {
      id: id ?? '',
      title: title.trim(),
      minutes: minutes ?? 0,
      presenter: name,
      presenterId: name && called.length === 1 ? (called[0]?.identityId ?? '') : '',
      note: note?.trim() ?? '',
    };
  });
}

/** saveAgenda replaces the items of a meeting. */
export const saveAgenda = (id: string, version: string, items: ReturnType<typeof asItems>) =>
  take(api.PUT('/v1/meetings/{id}/agenda', { params: { path: { id } }, body: { id, version, items } }));

/** Where a paper is read: on a page of its own, with who reads it over it. */
export const paperPage = (id: string) => `/meet/paper/${id}`;

export const accesses = ['all', 'hosts', 'named'] as const;

/** Bytes of a paper at most; the server takes no more. */
export const LARGEST = 50 << 20;

/** What an input for files offers; what a file is, the server finds out by what is in it. */
export const kinds =
  '.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.dps,.odt,.ods,.odp,.ofd,image/png,image/jpeg,image/gif,image/webp';

export interface PaperValues {
  name: string;
  itemId: string;
  access: string;
  readers?: string[];
  download: boolean;
}

/** Where a paper goes up. */
export function paperPath(meeting: string, { name, itemId, access, readers, download }: PaperValues): string {
  const said = new URLSearchParams({ meeting, name: name.trim(), access, download: download ? '1' : '0' });
  if (itemId) said.set('item', itemId);
  if (access === 'named') said.set('readers', (readers ?? []).join(','));
  return `/v1/meetings:paper?${said}`;
}
