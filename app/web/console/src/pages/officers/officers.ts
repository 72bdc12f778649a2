import { api, take } from '@gonghui/api';
import type { ListAnswer } from '@gonghui/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { keys, type Officer } from '../../data.ts';

export async function listOfficers(query: {
  query?: string;
  state?: string;
  pageSize: number;
  pageToken: string;
}): Promise<ListAnswer<Officer>> {
  const reply = await take(api.GET('/v1/officers', { params: { query } }));
  return { rows: reply.officers, next: reply.nextPageToken };
}

/**
 * useOfficer finds one officer: in the lists already loaded, or, when the page was opened by its address, by going
 * through the list. A body has few officers.
 */
export function useOfficer(id: string | null) {
  const client = useQueryClient();
  return useQuery<Officer | null>({
    queryKey: [...keys.officers, 'one', id],
    enabled: id !== null,
    queryFn: async () => {
      let pageToken = '';
      do {
        const page = await listOfficers({ state: 'all', pageSize: 200, pageToken });
        const found = page.rows.find((officer) => officer.id === id);
        if (found) return found;
        pageToken = page.next;
      } while (pageToken);
      return null;
    },
    placeholderData: () =>
      client
        .getQueriesData<ListAnswer<Officer>>({ queryKey: [...keys.officers, 'list'] })
        .flatMap(([, answer]) => answer?.rows ?? [])
        .find((officer) => officer.id === id),
  });
}

export const isHeld = (appointment: { endOn: string }) => appointment.endOn === '';
