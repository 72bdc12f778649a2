import { api, take } from '@gonghui/api';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { keptQuery } from './kept.ts';
import { clockOffset } from './rules/code.ts';

/** The own card, with how far the server's clock is before this phone's, in milliseconds. */
export const cardQuery = () =>
  keptQuery('card', async () => {
    const card = await take(api.GET('/v1/own/card'));
    return { ...card, offset: clockOffset(card.now, Date.now()) };
  });

export const fileQuery = () => keptQuery('file', () => take(api.GET('/v1/own/member')));

export const unionQuery = () => keptQuery('union', () => take(api.GET('/v1/body')));

export const profileQuery = () => keptQuery('profile', () => take(api.GET('/v1/profile')));

/** Rows of a page of requests. */
const PAGE = 20;

/** The own requests, newest first, a page at a time. */
export const requestsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['requests'],
    queryFn: ({ pageParam }) =>
      take(api.GET('/v1/own/requests', { params: { query: { pageSize: PAGE, pageToken: pageParam } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });

/** What the own account has done, newest first, a page at a time. */
export const recordsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['records'],
    queryFn: ({ pageParam }) =>
      take(api.GET('/v1/audit/own', { params: { query: { pageSize: PAGE, pageToken: pageParam } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
/** What protects the own account, and what has to. */
export const securityQuery = queryOptions({
  queryKey: ['security'],
  queryFn: () => take(api.GET('/v1/own/security')),
  staleTime: 0,
});

export const passkeysKey = ['passkeys'];
