import { api, type Schemas, take } from '@gonghui/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useAct } from '../act.ts';
import { Badge } from '../Badge.tsx';
import { deviceName } from '../base/device.ts';
import { dateTime } from '../base/format.ts';
import { useT } from '../base/i18n.ts';
import { Bars } from '../PageSkeleton.tsx';
import { Section } from '../Section.tsx';
import { ErrorState } from '../states.tsx';
import { factorWords } from './by.ts';
import { sessionsKey, useSecurity } from './queries.ts';

/** Where the person is signed in and by what, and the way to end it from afar. */
export function Devices() {
  const t = useT();
  const security = useSecurity();
  const list = useInfiniteQuery({
    queryKey: sessionsKey,
    initialPageParam: '',
    queryFn: ({ pageParam }) => take(api.GET('/v1/sessions', { params: { query: { pageToken: pageParam } } })),
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const revoke = useAct({
    run: ({ id }: Schemas['Session']) => take(api.DELETE('/v1/sessions/{id}', { params: { path: { id } } })),
    refresh: [sessionsKey],
    said: t('security.devices.ended'),
  });
  if (list.error && !list.data) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  const limits = security.data && { n: security.data.sessions, minutes: security.data.idleMinutes };
  return (
    <Section title={t('security.devices.title')} about={limits && t('security.devices.about', limits)}>
      {!list.data ? (
        <Bars rows={4} height={40} />
      ) : (
        <ul className="setting-rows">
          {list.data.pages
            .flatMap((page) => page.sessions)
            .map((session) => (
              <li key={session.id}>
                <div className="setting-text">
                  <span className="passkey-name">
                    {deviceName(session.device) || t('security.devices.unknown')}{' '}
                    {session.current && <Badge tone="good">{t('security.devices.current')}</Badge>}
                  </span>
                  <span className="passkey-facts num">
                    {[factorWords(t, session.factor), session.ip, session.host].filter(Boolean).join(' · ')}
                  </span>
                  <span className="passkey-facts num">
                    {t('security.devices.since', { at: dateTime(session.createdAt) })}
                    {' · '}
                    {t('security.devices.seen', { at: dateTime(session.seenAt) })}
                  </span>
                </div>
                {!session.current && (
                  <Button
                    aria-label={`${t('security.devices.end')} ${deviceName(session.device)}`}
                    loading={revoke.isPending && revoke.variables?.id === session.id}
                    onClick={() => revoke.mutate(session)}
                  >
                    {t('security.devices.end')}
                  </Button>
                )}
              </li>
            ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button type="link" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('list.next')}
        </Button>
      )}
    </Section>
  );
}
