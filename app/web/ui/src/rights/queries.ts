import { api, take } from '@gonghui/api';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { pick, useLocale } from '../index.ts';
import { all, keys } from './data.ts';

export const capabilitiesQuery = queryOptions({
  queryKey: [...keys.roles, 'capabilities'],
  queryFn: async () => (await take(api.GET('/v1/access/capabilities'))).capabilities,
  staleTime: 60_000,
});

/** Roles are few by nature: the built-in ones, templates of the bodies above, own ones. */
export const rolesQuery = queryOptions({
  queryKey: [...keys.roles, 'all'],
  queryFn: () =>
    all(async (pageToken) => {
      const reply = await take(api.GET('/v1/access/roles', { params: { query: { pageSize: 200, pageToken } } }));
      return { rows: reply.roles, next: reply.nextPageToken };
    }),
});

export const roleQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.roles, id],
    enabled: id !== '',
    queryFn: () => take(api.GET('/v1/access/roles/{id}', { params: { path: { id } } })),
  });

export const setsQuery = queryOptions({
  queryKey: keys.sets,
  queryFn: () =>
    all(async (pageToken) => {
      const reply = await take(api.GET('/v1/access/sets', { params: { query: { pageSize: 50, pageToken } } }));
      return { rows: reply.sets, next: reply.nextPageToken };
    }),
});

export const groupsQuery = queryOptions({
  queryKey: keys.groups,
  queryFn: () =>
    all(async (pageToken) => {
      const reply = await take(api.GET('/v1/access/groups', { params: { query: { pageSize: 200, pageToken } } }));
      return { rows: reply.groups, next: reply.nextPageToken };
    }),
});

export const policyQuery = queryOptions({
  queryKey: keys.separation,
  queryFn: () => take(api.GET('/v1/access/policy')),
});

/** The title of a capability; its name until titles are there. */
export function useCapabilityTitle(): (name: string) => string {
  const locale = useLocale();
  const { data } = useQuery(capabilitiesQuery);
  return useCallback(
    (name) => {
      const c = data?.find((one) => one.name === name);
      return c ? pick(locale, c.titleZh, c.titleEn) : name;
    },
    [data, locale],
  );
}
