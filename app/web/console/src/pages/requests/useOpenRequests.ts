import { api, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';
import { keys } from '../../data.ts';

/** Milliseconds between two looks at how many requests are open. */
const CALM = 60_000;

/** How many change requests wait; 0 while nobody knows. */
export function useOpenRequests(enabled: boolean): number {
  const { data } = useQuery({
    queryKey: [...keys.requests, 'open'],
    enabled,
    queryFn: async () => Number((await take(api.GET('/v1/requests', { params: { query: { pageSize: 1 } } }))).open),
    refetchInterval: CALM,
    staleTime: CALM / 2,
    retry: false,
  });
  return data ?? 0;
}
