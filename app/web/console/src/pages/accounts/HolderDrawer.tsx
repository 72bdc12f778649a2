import { api, asApiError, type Schemas, take } from '@gonghui/api';
import { Badge, DetailDrawer, date, dateTime, EmptyState, Facts, useAct, useT } from '@gonghui/ui';
import { App, Button } from 'antd';
import { useState } from 'react';
import { type Holder, holderKeys, useHolder } from './holders.ts';
import { ReasonForm } from './ReasonForm.tsx';
import { ResetFactorForm } from './ResetFactorForm.tsx';

type Place = Schemas['HeldPlace'];

const refresh = [holderKeys.list, holderKeys.duties];

/** One account, as far as it is this body's. */
export function HolderDrawer({ id, close }: { id: string | null; close: () => void }) {
  const t = useT();
  const { data: holder, error, isPending, refetch } = useHolder(id);
  const gone = error && asApiError(error).reason === 'HOLDER_NOT_FOUND';
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      loading={isPending}
      error={gone ? undefined : error && asApiError(error)}
      retry={() => void refetch()}
      title={holder?.name}
      badge={
        holder && (
          <Badge tone={holder.state === 'locked' ? 'warn' : 'good'}>{t(`accounts.states.${holder.state}`)}</Badge>
        )
      }
      subtitle={holder && <span className="num">{holder.phone}</span>}
      acts={holder && !holder.self && <Acts holder={holder} />}
    >
      {gone && <EmptyState title={t('accounts.gone')} />}
      {holder && <Body holder={holder} close={close} />}
    </DetailDrawer>
  );
}

function Acts({ holder }: { holder: Holder }) {
  const t = useT();
  const { modal } = App.useApp();
  const [open, setOpen] = useState<'lock' | 'reset' | null>(null);
  const { name, personId } = holder;
  const path = { personId };
  const lock = useAct({
    run: (reason: string) =>
      take(api.POST('/v1/accounts/{personId}:lock', { params: { path }, body: { personId, reason } })),
    refresh,
    said: t('accounts.locked', { name }),
    quiet: true,
  });
  const unlock = useAct({
    run: () => take(api.POST('/v1/accounts/{personId}:unlock', { params: { path }, body: path })),
    refresh,
    said: t('accounts.unlocked', { name }),
  });
  const endSessions = useAct({
    run: () => take(api.POST('/v1/accounts/{personId}:endSessions', { params: { path }, body: path })),
    refresh,
    said: t('accounts.endedSessions', { name }),
  });
  return (
    <>
      {holder.state === 'locked' ? (
        <Button type="primary" loading={unlock.isPending} onClick={() => unlock.mutate(undefined)}>
          {t('accounts.unlock')}
        </Button>
      ) : (
        <Button danger onClick={() => setOpen('lock')}>
          {t('accounts.lock')}
        </Button>
      )}
      {holder.sessions > 0 && (
        <Button
          onClick={() =>
            void modal.confirm({
              title: t('accounts.endSessionsAsk', { name }),
              content: t('accounts.endSessionsHint'),
              okText: t('accounts.endSessions'),
              cancelText: t('act.cancel'),
              onOk: () => endSessions.mutateAsync(undefined).catch(() => undefined),
            })
          }
        >
          {t('accounts.endSessions')}
        </Button>
      )}
      {holder.secondFactor && <Button onClick={() => setOpen('reset')}>{t('accounts.reset')}</Button>}
      <ReasonForm
        open={open === 'lock'}
        title={t('accounts.lockTitle', { name })}
        about={t('accounts.lockAbout')}
        act={t('accounts.lock')}
        submit={(reason) => lock.mutateAsync(reason)}
        close={() => setOpen(null)}
      />
      <ResetFactorForm holder={open === 'reset' ? holder : null} close={() => setOpen(null)} />
    </>
  );
}

function Body({ holder, close }: { holder: Holder; close: () => void }) {
  const t = useT();
  const [ending, setEnding] = useState<Place | null>(null);
  const { personId, name } = holder;
  const role = ending ? t(`role.${ending.role}`) : '';
  const end = useAct({
    run: ({ identityId, reason }: { identityId: string; reason: string }) =>
      take(
        api.POST('/v1/accounts/{personId}/places/{identityId}:end', {
          params: { path: { personId, identityId } },
          body: { personId, identityId, reason },
        }),
      ),
    refresh,
    said: t('accounts.endedPlace', { role }),
    quiet: true,
    done: (left) => {
      if (left.places.length === 0) close();
    },
  });
  return (
    <>
      {holder.self && <p className="quiet">{t('accounts.selfHint')}</p>}
      <Facts
        items={[
          { label: t('accounts.seen'), value: holder.seenAt ? dateTime(holder.seenAt) : t('accounts.never') },
          { label: t('accounts.sessions'), value: t('accounts.sessionsN', { n: holder.sessions }) },
          { label: t('accounts.factor'), value: t(holder.secondFactor ? 'accounts.factorOn' : 'accounts.factorOff') },
        ]}
      />
      <h3 className="detail-section">{t('accounts.roles')}</h3>
      <ul className="rows">
        {holder.places.map((place) => (
          <li key={place.identityId}>
            <div className="row-text">
              <span className="row-name">{t(`role.${place.role}`)}</span>
              <span className="row-sub num">{t('accounts.since', { date: date(place.since) })}</span>
            </div>
            {!holder.self && place.role !== 'member' && (
              <Button
                aria-label={`${t('accounts.endPlace')} ${t(`role.${place.role}`)}`}
                onClick={() => setEnding(place)}
              >
                {t('accounts.endPlace')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ReasonForm
        open={ending !== null}
        title={t('accounts.endPlaceTitle', { name, role })}
        about={t('accounts.endPlaceAbout')}
        act={t('accounts.endPlace')}
        submit={(reason) => end.mutateAsync({ identityId: ending?.identityId ?? '', reason })}
        close={() => setEnding(null)}
      />
    </>
  );
}
