import { api, type Schemas, take } from '@gonghui/api';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { LINES, type Line, type LinesBelow } from '../pages/body/line.ts';

/** How often the figures and the ranking are asked for while the page is in view, in milliseconds. */
const FIGURES_LIVE = 1000;
const RANKING_LIVE = 1500;
/** Rows of a ranking that are kept live; a longer list is asked for at a calmer pace. */
const LIVE_ROWS = 200;
const CALM = 10_000;
const PAGE = 50;
/** Names and definitions change rarely, in milliseconds. */
const STEADY = 5 * 60_000;

export type Body = Schemas['Body'];
export type Lineage = Schemas['GetOwnBodyReply'];
export type Figures = Schemas['Figures'];
export type Metric = Schemas['Metric'];

export const metricsQuery = queryOptions({
  queryKey: ['metrics'],
  queryFn: async ({ signal }) => (await take(api.GET('/v1/metrics', { signal }))).metrics,
  staleTime: STEADY,
});

export const bodyQuery = (code: string) =>
  queryOptions({
    queryKey: ['body', code],
    queryFn: ({ signal }) => take(api.GET('/v1/bodies/{code}', { params: { path: { code } }, signal })),
    staleTime: STEADY,
  });

/** On which lines bodies lie directly below. */
export const linesBelowQuery = (code: string) =>
  queryOptions({
    queryKey: ['lines-below', code],
    queryFn: async ({ signal }): Promise<LinesBelow> => {
      const [territorial, industrial] = await Promise.all(
        LINES.map(async (line) => {
          const reply = await take(
            api.GET('/v1/bodies/{code}/children', { params: { path: { code }, query: { line, pageSize: 1 } }, signal }),
          );
          return reply.bodies.length > 0;
        }),
      );
      return { territorial: territorial ?? false, industrial: industrial ?? false };
    },
    staleTime: STEADY,
  });

export const figuresQuery = (code: string, line: '' | Line, days: number) =>
  queryOptions({
    queryKey: ['figures', code, line, days],
    queryFn: ({ signal }) =>
      take(api.GET('/v1/figures/{code}', { params: { path: { code }, query: { line, days } }, signal })),
    refetchInterval: FIGURES_LIVE,
    // While a longer trend is on its way the figures stay; another body or line starts empty.
    placeholderData: (before, query) => {
      const [, ofCode, onLine] = query?.queryKey ?? [];
      return ofCode === code && onLine === line ? before : undefined;
    },
  });

export const childFiguresQuery = (code: string, line: Line, metric: string) =>
  infiniteQueryOptions({
    queryKey: ['child-figures', code, line, metric],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET('/v1/figures/{code}/children', {
          params: { path: { code }, query: { line, metric, pageSize: PAGE, pageToken: pageParam } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken || undefined,
    // While another metric is on its way the same bodies stay, greyed; another body starts empty.
    placeholderData: (before, query) => {
      const [, ofCode, onLine] = query?.queryKey ?? [];
      return ofCode === code && onLine === line ? before : undefined;
    },
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 1) * PAGE > LIVE_ROWS ? CALM : RANKING_LIVE),
  });

export const searchQuery = (words: string) =>
  queryOptions({
    queryKey: ['search', words],
    queryFn: async ({ signal }) =>
      (await take(api.GET('/v1/bodies:search', { params: { query: { query: words, pageSize: 10 } }, signal }))).bodies,
    enabled: words !== '',
    staleTime: 30_000,
    // What was found before stays until the answer comes, while the same words are being written.
    placeholderData: (found, before) => (before && akin(before.queryKey[1], words) ? found : undefined),
  });

const akin = (a = '', b = '') => a.startsWith(b) || b.startsWith(a);

export const eventsQuery = (code: string) =>
  infiniteQueryOptions({
    queryKey: ['events', code],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET('/v1/bodies/{code}/events', {
          params: { path: { code }, query: { pageSize: PAGE, pageToken: pageParam } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
