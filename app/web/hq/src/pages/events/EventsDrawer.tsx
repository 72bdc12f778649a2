import { DetailDrawer, date, EmptyState, useT } from '@gonghui/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { type Body, eventsQuery } from '../../data/queries.ts';
import { Change } from './Change.tsx';

interface Props {
  body: Body;
  open: boolean;
  close: () => void;
}

/** What happened to a body, newest first, by the date on which it came into force. */
export function EventsDrawer({ body, open, close }: Props) {
  const t = useT();
  const list = useInfiniteQuery({ ...eventsQuery(body.code), enabled: open });
  const events = list.data?.pages.flatMap((page) => page.events) ?? [];
  return (
    <DetailDrawer
      open={open}
      close={close}
      title={t('hq.events.title')}
      subtitle={body.name}
      loading={list.isPending}
      error={list.data ? undefined : list.error}
      retry={() => void list.refetch()}
    >
      {events.length === 0 ? (
        <EmptyState title={t('hq.events.empty')} why={t('hq.events.emptyBody')} />
      ) : (
        <ol className="events">
          {events.map((event) => (
            <li key={event.id}>
              <time className="num" dateTime={event.effectiveOn || event.at}>
                {date(event.effectiveOn) || t('hq.events.undated')}
              </time>
              <div className="event-what">{t(`hq.events.kind.${event.kind}`)}</div>
              {event.kind !== 'found' && <Change before={event.before} after={event.after} />}
              {event.approvalDocNo && (
                <div className="event-doc">{t('hq.events.doc', { no: event.approvalDocNo })}</div>
              )}
            </li>
          ))}
        </ol>
      )}
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('hq.events.more')}
        </Button>
      )}
    </DetailDrawer>
  );
}
