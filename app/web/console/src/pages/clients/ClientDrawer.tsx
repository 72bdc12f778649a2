import { api, asApiError, take } from '@gonghui/api';
import { Badge, CopyField, DetailDrawer, dateTime, deviceName, Facts, useAct, useCan, useT } from '@gonghui/ui';
import { GrantRows, useGrants } from '@gonghui/ui/rights';
import { useInfiniteQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { ClientForm } from './ClientForm.tsx';
import { type Client, clientKeys, useClient } from './clients.ts';

interface Props {
  id: string | null;
  close: () => void;
  /** Shows a new secret. */
  secret: (client: Client) => void;
}

/** One application: what it is told, what it may learn, who came by it. */
export function ClientDrawer({ id, close, secret }: Props) {
  const t = useT();
  const { data: client, error, isPending, refetch } = useClient(id);
  const active = client?.state === 'active';
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      loading={isPending}
      error={error && asApiError(error)}
      retry={() => void refetch()}
      title={client?.name}
      badge={client && <Badge tone={active ? 'good' : 'plain'}>{t(`clients.states.${client.state}`)}</Badge>}
      subtitle={client && t(`clients.kinds.${client.kind}`)}
      acts={client && active && <Acts client={client} secret={secret} />}
    >
      {client && (
        <>
          <h3 className="detail-section">{t('clients.issuer')}</h3>
          <CopyField value={client.issuer} label={t('clients.issuer')} />
          <h3 className="detail-section">{t('clients.id')}</h3>
          <CopyField value={client.id} label={t('clients.id')} />
          <h3 className="detail-section">{t('clients.scopes')}</h3>
          <Facts
            items={[
              { label: t('clients.own'), value: t(client.own ? 'clients.ownYes' : 'clients.ownNo') },
              {
                label: t('clients.scopes'),
                value: client.scopes.map((scope) => t(`clients.scope.${scope}`)).join(t('clients.join')),
              },
              { label: t('clients.redirects'), value: client.redirectUris.join('\n') },
              { label: t('clients.returns'), value: client.postLogoutRedirectUris.join('\n') },
              { label: t('clients.notice'), value: client.backchannelLogoutUri },
              { label: t('clients.homepage'), value: client.homepage },
              { label: t('clients.created'), value: dateTime(client.createdAt) },
              { label: t('clients.secretAt'), value: client.secretAt ? dateTime(client.secretAt) : '' },
            ]}
          />
          {client.scopes.includes('api') && <Rights id={client.id} active={active} />}
          <SignIns id={client.id} />
        </>
      )}
    </DetailDrawer>
  );
}

function Acts({ client, secret }: { client: Client; secret: (client: Client) => void }) {
  const t = useT();
  const { modal } = App.useApp();
  const [editing, setEditing] = useState(false);
  const { id, name } = client;
  const path = { id };
  const rotate = useAct({
    run: () => take(api.POST('/v1/oidc/clients/{id}:rotateSecret', { params: { path }, body: path })),
    refresh: [clientKeys.list],
    said: t('clients.rotated'),
    done: secret,
  });
  const end = useAct({
    run: () => take(api.DELETE('/v1/oidc/clients/{id}', { params: { path } })),
    refresh: [clientKeys.list],
    said: t('clients.ended', { name }),
  });
  const ask = (title: string, content: string, okText: string, danger: boolean, run: () => Promise<unknown>) =>
    void modal.confirm({
      title,
      content,
      okText,
      okButtonProps: { danger },
      cancelText: t('act.cancel'),
      onOk: () => run().catch(() => undefined),
    });
  return (
    <>
      <Button type="primary" onClick={() => setEditing(true)}>
        {t('clients.edit')}
      </Button>
      {client.kind === 'confidential' && (
        <Button
          onClick={() =>
            ask(t('clients.rotateAsk', { name }), t('clients.rotateHint'), t('clients.rotate'), false, () =>
              rotate.mutateAsync(undefined),
            )
          }
        >
          {t('clients.rotate')}
        </Button>
      )}
      <Button
        danger
        onClick={() =>
          ask(t('clients.endAsk', { name }), t('clients.endHint'), t('clients.end'), true, () =>
            end.mutateAsync(undefined),
          )
        }
      >
        {t('clients.end')}
      </Button>
      <ClientForm target={editing ? { client } : null} close={() => setEditing(false)} />
    </>
  );
}

/** What the application holds when it acts by itself. */
function Rights({ id, active }: { id: string; active: boolean }) {
  const t = useT();
  const can = useCan();
  const grants = useGrants({ subjectKind: 'app', subjectId: id }, can('access.read'));
  if (!can('access.read')) return null;
  const rows = grants.data?.pages.flatMap((page) => page.grants);
  return (
    <>
      <h3 className="detail-section">{t('clients.rights')}</h3>
      {rows?.length === 0 && <p className="quiet">{t('clients.noRights')}</p>}
      {rows && rows.length > 0 && <GrantRows grants={rows} href={(grant) => `/access/grants/${grant}`} />}
      {grants.hasNextPage && (
        <Button loading={grants.isFetchingNextPage} onClick={() => void grants.fetchNextPage()}>
          {t('clients.more')}
        </Button>
      )}
      {active && can('access.grant') && (
        <p>
          <Link to={`/access/grants/new?kind=app&subject=${id}`}>{t('clients.give')}</Link>
        </p>
      )}
    </>
  );
}

function SignIns({ id }: { id: string }) {
  const t = useT();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...clientKeys.list, 'signIns', id],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/oidc/clients/{id}/sign-ins', {
          params: { path: { id }, query: { pageSize: 20, pageToken: pageParam } },
        }),
      ),
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const rows = data?.pages.flatMap((page) => page.signIns);
  return (
    <>
      <h3 className="detail-section">{t('clients.signIns')}</h3>
      {rows?.length === 0 && <p className="quiet">{t('clients.noSignIns')}</p>}
      <ul className="rows">
        {rows?.map((signIn) => (
          <li key={signIn.id}>
            <div className="row-text">
              <span className="row-name">{signIn.name}</span>
              <span className="row-sub num">
                {[dateTime(signIn.at), deviceName(signIn.device)].filter(Boolean).join(' · ')}
              </span>
            </div>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('clients.more')}
        </Button>
      )}
    </>
  );
}
