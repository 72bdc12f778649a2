import { api, asApiError, type Full, type Schemas, take } from '@gonghui/api';
import { Badge, DetailDrawer, dateTime, EmptyState, meKey, useAct, useCan, useT } from '@gonghui/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { keys } from '../../data.ts';
import type { Place } from './draft.ts';

interface Props {
  open: boolean;
  place: Place;
  menu: Full<Schemas['Menu']>;
  close: () => void;
}

/** How the body's own arrangement was before, and the way back to it. */
export function Versions({ open, place, menu, close }: Props) {
  const t = useT();
  const writable = useCan()('menu.write');
  const versions = useInfiniteQuery({
    queryKey: [...keys.menus, place, menu.role, 'versions'],
    enabled: open,
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/menus/{place}/versions', {
          params: { path: { place }, query: { role: menu.role, pageSize: 20, pageToken: pageParam } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const restore = useAct({
    run: (version: number) =>
      take(
        api.POST('/v1/menus/{place}/versions/{version}:restore', {
          params: { path: { place, version } },
          body: { place, role: menu.role, version, seen: menu.version },
        }),
      ),
    refresh: [keys.menus, meKey],
    said: t('menus.restored'),
    done: close,
  });
  const rows = versions.data?.pages.flatMap((page) => page.versions) ?? [];
  return (
    <DetailDrawer
      open={open}
      close={close}
      title={t('menus.versions')}
      loading={versions.isPending}
      error={versions.error && asApiError(versions.error)}
      retry={() => void versions.refetch()}
    >
      {rows.length === 0 && <EmptyState title={t('menus.noVersions')} why={t('menus.neverSaved')} />}
      <ul className="rows">
        {rows.map((v) => (
          <li key={v.version}>
            <div className="row-text">
              <span className="row-name num">
                {t('menus.version', { n: v.version })} {v.current && <Badge tone="good">{t('menus.current')}</Badge>}{' '}
                {v.published && <Badge tone="note">{t('menus.publishedMark')}</Badge>}
              </span>
              <span className="row-sub num">
                {[
                  v.savedBy,
                  dateTime(v.savedAt),
                  v.changes === 0 ? t('menus.plain') : t('menus.changes', { count: v.changes }),
                ].join(' · ')}
              </span>
            </div>
            {writable && !v.current && (
              <Button
                aria-label={`${t('menus.restore')} ${t('menus.version', { n: v.version })}`}
                loading={restore.isPending && restore.variables === v.version}
                onClick={() => restore.mutate(v.version)}
              >
                {t('menus.restore')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {versions.hasNextPage && (
        <Button loading={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
          {t('line.more')}
        </Button>
      )}
    </DetailDrawer>
  );
}
