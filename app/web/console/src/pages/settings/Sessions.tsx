import { api, type Schemas, take } from '@gonghui/api';
import { Badge, Bars, dateTime, deviceName, ErrorState, Section, useAct, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { keys } from '../../data.ts';

/** Where the person is signed in, and the way to end it from afar. */
export function Sessions() {
  const t = useT();
  const sessions = useQuery({ queryKey: keys.sessions, queryFn: () => take(api.GET('/v1/sessions')) });
  const revoke = useAct({
    run: ({ id }: Schemas['Session']) => take(api.DELETE('/v1/sessions/{id}', { params: { path: { id } } })),
    refresh: [keys.sessions],
    said: t('account.revoked'),
  });
  if (sessions.error && !sessions.data) {
    return <ErrorState error={sessions.error} retry={() => void sessions.refetch()} />;
  }
  return (
    <Section title={t('account.sessions')} about={t('account.sessionsAbout')}>
      {!sessions.data ? (
        <Bars rows={4} height={40} />
      ) : (
        <ul className="rows">
          {sessions.data.sessions.map((session) => (
            <li key={session.id}>
              <div className="row-text">
                <span className="row-name">
                  {deviceName(session.device) || t('account.unknownDevice')}{' '}
                  {session.current && <Badge tone="good">{t('account.current')}</Badge>}
                </span>
                <span className="row-sub num">{[session.ip, session.host].filter(Boolean).join(' · ')}</span>
                <span className="row-sub num">
                  {t('account.since', { at: dateTime(session.createdAt) })}
                  {' · '}
                  {t('account.seen', { at: dateTime(session.seenAt) })}
                </span>
              </div>
              {!session.current && (
                <Button
                  aria-label={`${t('account.revoke')} ${deviceName(session.device)}`}
                  loading={revoke.isPending && revoke.variables?.id === session.id}
                  onClick={() => revoke.mutate(session)}
                >
                  {t('account.revoke')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
