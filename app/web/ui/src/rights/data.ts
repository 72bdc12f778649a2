import { api, type Schemas, take } from '@gonghui/api';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMe } from '../index.ts';

export type Body = Schemas['Body'];
export type Line = 'territorial' | 'industrial';

/** Names of what is kept from the server about rights; an act names those it makes out of date. */
export const keys = {
  roles: ['roles'],
  grants: ['grants'],
  groups: ['groups'],
  sets: ['sets'],
  separation: ['separation'],
};

/** Pages through a list to its end: for what is few by nature (departments, posts). */
export async function all<T>(page: (token: string) => Promise<{ rows: T[]; next: string }>): Promise<T[]> {
  const rows: T[] = [];
  let token = '';
  do {
    const answer = await page(token);
    rows.push(...answer.rows);
    token = answer.next;
  } while (token);
  return rows;
}

/** The caller's own body with those above it: that of the host, and on the supervision host that of the caller's place. */
export function useHomeBody() {
  const code = useMe().place.bodyCode;
  return useQuery({
    queryKey: ['bodies', 'home', code],
    queryFn: () => take(api.GET('/v1/bodies/{code}', { params: { path: { code } } })),
    staleTime: 60_000,
  });
}

/** The bodies directly below one on a line, page after page. */
export function useChildren(code: string, line: Line, enabled = true) {
  return useInfiniteQuery({
    queryKey: ['children', code, line],
    enabled,
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/bodies/{code}/children', {
          params: { path: { code }, query: { line, pageSize: 100, pageToken: pageParam } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken || undefined,
    staleTime: 60_000,
  });
}
