import { api, keyed, take } from '@gonghui/api';
import { DetailDrawer, useAct, useT } from '@gonghui/ui';
import { SupervisionFacts, SupervisionState } from '@gonghui/ui/supervision';
import { useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useNavigate } from 'react-router';
import { overseeKey } from './key.ts';

interface Props {
  id: string | null;
  close: () => void;
}

/** One request of the caller's: what became of it, and what can be done under it. */
export function RequestDrawer({ id, close }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const { modal } = App.useApp();
  const path = { id: id ?? '' };
  const query = useQuery({
    queryKey: [...overseeKey, 'one', id],
    enabled: id !== null,
    queryFn: () => take(api.GET('/v1/supervision/requests/{id}', { params: { path } })),
  });
  const request = id === null ? undefined : query.data;
  const open = request?.state === 'open';
  const end = useAct({
    run: (_: undefined, key) =>
      take(api.POST('/v1/supervision/requests/{id}:end', { params: { path }, body: path, headers: keyed(key) })),
    refresh: [overseeKey],
    said: t(open ? 'oversee.withdrawn' : 'oversee.ended'),
  });
  const enter = useAct({
    run: (_: undefined, key) =>
      take(api.POST('/v1/supervision/requests/{id}:enter', { params: { path }, body: path, headers: keyed(key) })),
    done: ({ url }) => window.location.assign(url),
  });
  const ask = () =>
    modal.confirm({
      title: t(open ? 'oversee.withdrawAsk' : 'oversee.endAsk'),
      content: open ? undefined : t('oversee.endHint'),
      icon: null,
      okText: t(open ? 'oversee.withdraw' : 'oversee.end'),
      autoFocusButton: 'cancel',
      onOk: () => end.mutateAsync(undefined).catch(() => {}),
    });
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      loading={query.isPending}
      error={query.error}
      retry={() => void query.refetch()}
      title={request && t(`supervision.kind.${request.kind}`)}
      badge={request && <SupervisionState state={request.state} />}
      subtitle={request?.no}
      acts={
        request && (
          <>
            {request.state === 'running' && request.kind === 'details' && (
              <Button type="primary" onClick={() => void navigate(`/supervision/${request.id}/members`)}>
                {t('oversee.look')}
              </Button>
            )}
            {request.state === 'running' && request.kind === 'assist' && (
              <Button type="primary" loading={enter.isPending} onClick={() => enter.mutate(undefined)}>
                {t('oversee.enter')}
              </Button>
            )}
            {(open || request.state === 'running') && (
              <Button onClick={ask}>{t(open ? 'oversee.withdraw' : 'oversee.end')}</Button>
            )}
          </>
        )
      }
    >
      {request && <SupervisionFacts request={request} />}
    </DetailDrawer>
  );
}
