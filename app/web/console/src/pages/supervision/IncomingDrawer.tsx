import { api, keyed, take } from '@gonghui/api';
import { DetailDrawer, EmptyState, useAct, useT } from '@gonghui/ui';
import { SupervisionFacts, type SupervisionRequest, SupervisionState } from '@gonghui/ui/supervision';
import { Button } from 'antd';
import { useState } from 'react';
import { keys } from '../../data.ts';
import { ApproveForm } from './ApproveForm.tsx';
import { ReasonForm } from './ReasonForm.tsx';

interface Props {
  id: string | null;
  /** Null while the list is on its way, or when it does not hold this one. */
  request: SupervisionRequest | null;
  /** The list has come. */
  loaded: boolean;
  changed: (request: SupervisionRequest) => void;
  close: () => void;
}

type Asking = 'approve' | 'refuse' | 'end' | null;

/** One request to the own body: what is asked for, and the decision. */
export function IncomingDrawer({ id, request, loaded, changed, close }: Props) {
  const t = useT();
  const [asking, setAsking] = useState<Asking>(null);
  const path = { id: id ?? '' };
  const decide = useAct({
    run: (decision: { approve: boolean; reason: string; minutes: number }, key) =>
      take(
        api.POST('/v1/supervision/incoming/{id}:decide', {
          params: { path },
          body: { ...path, ...decision },
          headers: keyed(key),
        }),
      ),
    refresh: [keys.supervision],
    done: changed,
    said: ({ approve }) => t(approve ? 'overseen.approved' : 'overseen.refused'),
    quiet: true,
  });
  const end = useAct({
    run: (reason: string, key) =>
      take(
        api.POST('/v1/supervision/incoming/{id}:end', {
          params: { path },
          body: { ...path, reason },
          headers: keyed(key),
        }),
      ),
    refresh: [keys.supervision],
    done: changed,
    said: t('overseen.ended'),
    quiet: true,
  });
  const name = request?.askerName ?? '';
  const stop = () => setAsking(null);
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      loading={!request && !loaded}
      title={request ? t(`supervision.kind.${request.kind}`) : t('overseen.title')}
      badge={request && <SupervisionState state={request.state} />}
      subtitle={request?.no}
      acts={
        request && (
          <>
            {request.state === 'open' && (
              <>
                <Button type="primary" onClick={() => setAsking('approve')}>
                  {t('overseen.approve')}
                </Button>
                <Button onClick={() => setAsking('refuse')}>{t('overseen.refuse')}</Button>
              </>
            )}
            {request.state === 'running' && (
              <Button danger onClick={() => setAsking('end')}>
                {t('overseen.end')}
              </Button>
            )}
          </>
        )
      }
    >
      {request ? (
        <>
          <SupervisionFacts request={request} />
          <ApproveForm
            request={asking === 'approve' ? request : null}
            approve={(minutes) => decide.mutateAsync({ approve: true, reason: '', minutes })}
            close={stop}
          />
          <ReasonForm
            open={asking === 'refuse'}
            title={t('overseen.refuseTitle', { name })}
            about={t('overseen.refuseAbout')}
            act={t('overseen.refuse')}
            needed
            submit={(reason) => decide.mutateAsync({ approve: false, reason, minutes: 0 })}
            close={stop}
          />
          <ReasonForm
            open={asking === 'end'}
            title={t('overseen.endTitle', { name })}
            about={t('overseen.endAbout')}
            act={t('overseen.end')}
            submit={(reason) => end.mutateAsync(reason)}
            close={stop}
          />
        </>
      ) : (
        <EmptyState title={t('overseen.gone')} />
      )}
    </DetailDrawer>
  );
}
