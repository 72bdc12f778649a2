import { api, asApiError, type Schemas, take } from '@gonghui/api';
import { ago, date, dateTime, deviceName, useLocale, useT } from '@gonghui/ui/base';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ask } from '../parts/Ask.tsx';
import { Failed } from '../parts/Failed.tsx';
import { say } from '../parts/Notice.tsx';
import { SubPage } from '../parts/SubPage.tsx';

type Session = Schemas['Session'];

const key = ['sessions'];

/** Where the person is signed in, and the way to end it from afar. */
export default function Devices() {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Session | null>(null);
  const list = useQuery({
    queryKey: key,
    queryFn: async () => (await take(api.GET('/v1/sessions'))).sessions,
  });
  const name = (session: Session) => deviceName(session.device) || t('member.sessions.unknown');
  const end = useMutation({
    mutationFn: ({ id }: Session) => take(api.DELETE('/v1/sessions/{id}', { params: { path: { id } } })),
    onSuccess: async (_, session) => {
      await client.invalidateQueries({ queryKey: key });
      say(t('member.sessions.done', { device: name(session) }));
    },
    onError: (error) => say(asApiError(error).text(locale)),
    onSettled: () => setAsked(null),
  });
  return (
    <SubPage title={t('member.sessions.title')} purpose={t('member.sessions.purpose')} back="/me">
      {list.data ? (
        <ul className="panel rows">
          {list.data.map((session) => (
            <li key={session.id} className="row">
              <span className="row-words">
                <span>
                  {name(session)} {session.current && <span className="tag">{t('member.sessions.current')}</span>}
                </span>
                <span className="small num">
                  {t('member.sessions.since', { date: date(session.createdAt) })} · {session.ip}
                </span>
                {!session.current && (
                  <span className="small" title={dateTime(session.seenAt)}>
                    {t('member.sessions.seen', { ago: ago(session.seenAt, new Date(), locale) })}
                  </span>
                )}
              </span>
              {!session.current && (
                <button type="button" className="plain" onClick={() => setAsked(session)}>
                  {t('member.sessions.end')}
                  <span className="unseen">{name(session)}</span>
                </button>
              )}
            </li>
          ))}
        </ul>
      ) : list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : (
        <span className="grey union-grey" />
      )}
      {list.data?.every((session) => session.current) && <p className="small centred">{t('member.sessions.empty')}</p>}
      {asked && (
        <Ask
          title={t('member.sessions.ask', { device: name(asked) })}
          text={t('member.sessions.askBody')}
          act={t('member.sessions.end')}
          busy={end.isPending}
          yes={() => end.mutate(asked)}
          no={() => setAsked(null)}
        />
      )}
    </SubPage>
  );
}
