import { api, asApiError, type Schemas, take } from '@gonghui/api';
import { addTexts, date, useLocale, useT } from '@gonghui/ui/base';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ask } from '../../parts/Ask.tsx';
import { Button } from '../../parts/Button.tsx';
import { Failed } from '../../parts/Failed.tsx';
import { say } from '../../parts/Notice.tsx';
import { SubPage } from '../../parts/SubPage.tsx';
import { authorizeTexts } from './authorizeTexts.ts';

addTexts(authorizeTexts);

type App = Schemas['OwnApp'];

const key = ['apps'];

/** The applications that the person allowed something, and the way to take it back. */
export default function Apps() {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const [asked, setAsked] = useState<App | null>(null);
  const list = useInfiniteQuery({
    queryKey: key,
    initialPageParam: '',
    queryFn: ({ pageParam }) => take(api.GET('/v1/own/apps', { params: { query: { pageToken: pageParam } } })),
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const apps = list.data?.pages.flatMap((page) => page.apps);
  const end = useMutation({
    mutationFn: ({ clientId }: App) => take(api.DELETE('/v1/own/apps/{clientId}', { params: { path: { clientId } } })),
    onSuccess: async (_, app) => {
      await client.invalidateQueries({ queryKey: key });
      say(t('member.apps.done', { app: app.name }));
    },
    onError: (error) => say(asApiError(error).text(locale)),
    onSettled: () => setAsked(null),
  });
  return (
    <SubPage title={t('member.apps.title')} purpose={t('member.apps.purpose')} back="/me">
      {apps ? (
        apps.length > 0 && (
          <ul className="panel rows">
            {apps.map((app) => (
              <li key={app.clientId} className="row">
                <span className="row-words">
                  <span>
                    {app.name} {app.open > 0 && <span className="tag">{t('member.apps.open')}</span>}
                  </span>
                  <span className="small">
                    {app.scopes.map((scope) => t(`member.authorize.scope.${scope}`)).join(t('member.apps.join'))}
                  </span>
                  <span className="small num">{t('member.apps.since', { date: date(app.givenAt) })}</span>
                </span>
                <button type="button" className="plain" onClick={() => setAsked(app)}>
                  {t('member.apps.end')}
                  <span className="unseen">{app.name}</span>
                </button>
              </li>
            ))}
          </ul>
        )
      ) : list.error ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : (
        <span className="grey union-grey" />
      )}
      {apps?.length === 0 && <p className="small centred">{t('member.apps.empty')}</p>}
      {list.hasNextPage && (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('member.apps.more')}
        </Button>
      )}
      {asked && (
        <Ask
          title={t('member.apps.ask', { app: asked.name })}
          text={t('member.apps.askBody')}
          act={t('member.apps.end')}
          busy={end.isPending}
          yes={() => end.mutate(asked)}
          no={() => setAsked(null)}
        />
      )}
    </SubPage>
  );
}
