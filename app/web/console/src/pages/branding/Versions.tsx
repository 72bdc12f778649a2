import { api, asApiError, take } from '@gonghui/api';
import { Badge, DetailDrawer, dateTime, EmptyState, useAct, useT } from '@gonghui/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { keys } from '../../data.ts';
import type { Design } from './useDesign.ts';

/** What was published, and the way back to it. */
export function Versions({ design, open, close }: { design: Design; open: boolean; close: () => void }) {
  const t = useT();
  const { modal } = App.useApp();
  const versions = useInfiniteQuery({
    queryKey: [...keys.branding, 'versions'],
    enabled: open,
    queryFn: ({ pageParam }) =>
      take(api.GET('/v1/branding/versions', { params: { query: { pageSize: 20, pageToken: pageParam } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const restore = useAct({
    run: (version: number) =>
      take(
        api.POST('/v1/branding/versions/{version}:restore', {
          params: { path: { version } },
          body: { version, seen: design.branding.version },
        }),
      ),
    said: t('branding.restored'),
    done: (now) => {
      design.restart(now);
      close();
    },
  });
  const rows = versions.data?.pages.flatMap((page) => page.versions) ?? [];
  return (
    <DetailDrawer
      open={open}
      close={close}
      title={t('branding.versions')}
      loading={versions.isPending}
      error={versions.error && asApiError(versions.error)}
      retry={() => void versions.refetch()}
    >
      {rows.length === 0 && <EmptyState title={t('branding.noVersions')} why={t('branding.noVersionsWhy')} />}
      <ul className="rows">
        {rows.map((v) => (
          <li key={v.version}>
            <div className="row-text">
              <span className="row-name num">
                {t('branding.version', { n: v.version })} {v.note}{' '}
                {v.current && <Badge tone="good">{t('branding.current')}</Badge>}
              </span>
              <span className="row-sub num">
                {[
                  v.publishedBy,
                  dateTime(v.publishedAt),
                  v.changed.map((part) => t(`branding.part.${part}`)).join(t('policy.comma')),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </div>
            {!v.current && (
              <Button
                aria-label={`${t('branding.restore')} ${t('branding.version', { n: v.version })}`}
                loading={restore.isPending && restore.variables === v.version}
                onClick={() =>
                  modal.confirm({
                    title: t('branding.restoreAsk', { n: v.version }),
                    content: t('branding.restoreHint'),
                    okText: t('branding.restore'),
                    cancelText: t('act.cancel'),
                    icon: null,
                    onOk: () => restore.mutate(v.version),
                  })
                }
              >
                {t('branding.restore')}
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
