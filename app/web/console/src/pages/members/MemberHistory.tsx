import { api, take } from '@gonghui/api';
import { Bars, EmptyState, ErrorState, History, useT } from '@gonghui/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { keys } from '../../data.ts';
import { fieldLabel } from './fieldLabel.ts';

/** What was done to a file: when, by whom, which fields, why. */
export function MemberHistory({ id }: { id: string }) {
  const t = useT();
  const query = useInfiniteQuery({
    queryKey: [...keys.members, 'events', id],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/members/{id}/events', { params: { path: { id }, query: { pageSize: 50, pageToken: pageParam } } }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  if (query.error && !query.data) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Bars rows={6} />;
  const events = query.data.pages.flatMap((page) => page.events);
  if (events.length === 0) return <EmptyState title={t('member.noHistory')} />;
  return (
    <>
      <History
        items={events.map((e) => ({
          id: e.id,
          at: e.at,
          what: t(`member.events.${e.kind}`),
          detail: [
            e.changed.length > 0 &&
              t('member.changed', {
                fields: e.changed.map((name) => fieldLabel(name, t)).join(t('member.listJoin')),
              }),
            e.reason && t('member.reasonLine', { reason: e.reason }),
            e.byName && t('member.by', { name: e.byName === 'system' ? t('member.system') : e.byName }),
          ]
            .filter(Boolean)
            .join(' · '),
        }))}
      />
      {query.hasNextPage && (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('line.more')}
        </Button>
      )}
    </>
  );
}
