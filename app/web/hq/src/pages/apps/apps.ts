import { api, type Schemas, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';

export type FleetApp = Schemas['FleetApp'];
export type Rebuild = Schemas['FleetRebuild'];

export const appKeys = { all: ['apps'], rebuilds: ['apps', 'rebuilds'] };

/** Milliseconds between two looks at a rebuild that is under way. */
const LIVE = 1000;

/** A rebuild and how far it is. */
export function useRebuild(id: string | null) {
  return useQuery({
    queryKey: [...appKeys.rebuilds, id],
    enabled: id !== null,
    queryFn: () => take(api.GET('/v1/fleet/rebuilds/{id}', { params: { path: { id: id ?? '' } } })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? LIVE : false),
  });
}

/** The app of one body. */
export function useFleetApp(code: string | null) {
  return useQuery({
    queryKey: [...appKeys.all, 'one', code],
    enabled: code !== null,
    queryFn: async () => {
      // Bodies come by their codes: the one that is meant stands before those whose codes only begin with it.
      const reply = await take(api.GET('/v1/fleet/apps', { params: { query: { search: code ?? '', pageSize: 1 } } }));
      return reply.apps.find(({ bodyCode }) => bodyCode === code) ?? null;
    },
  });
}
