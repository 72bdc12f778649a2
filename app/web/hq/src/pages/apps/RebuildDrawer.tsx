import { api, asApiError, take } from '@gonghui/api';
import {
  Badge,
  count,
  DetailDrawer,
  dateTime,
  Facts,
  pace,
  type Sample,
  sampled,
  useAct,
  useCan,
  useT,
} from '@gonghui/ui';
import { App, Button, Progress } from 'antd';
import { useEffect, useState } from 'react';
import { appKeys, type Rebuild, useRebuild } from './apps.ts';
import { rebuildTones } from './RebuildsPage.tsx';

/** One rebuild: how far, how fast, how long still; it goes on when the page is left. */
export function RebuildDrawer({ id, close }: { id: string | null; close: () => void }) {
  const t = useT();
  const { data: rebuild, error, isPending, refetch } = useRebuild(id);
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      loading={isPending}
      error={error && asApiError(error)}
      retry={() => void refetch()}
      title={t('fleet.rebuildTitle')}
      badge={
        rebuild && (
          <Badge tone={rebuildTones[rebuild.state] ?? 'plain'}>{t(`fleet.rebuilds.states.${rebuild.state}`)}</Badge>
        )
      }
      acts={rebuild?.state === 'running' && <Cancel rebuild={rebuild} />}
    >
      {rebuild && (
        <>
          <Course key={rebuild.id} rebuild={rebuild} />
          <Facts
            items={[
              { label: t('fleet.reason'), value: rebuild.reason, wide: true },
              {
                label: t('fleet.share'),
                value: rebuild.share > 0 ? `${rebuild.share}%` : t('fleet.rebuilds.notPublished'),
              },
              { label: t('fleet.rebuilds.failed'), value: <span className="num">{count(rebuild.failed)}</span> },
              { label: t('fleet.rebuilds.by'), value: rebuild.startedBy },
              { label: t('fleet.rebuilds.at'), value: <span className="num">{dateTime(rebuild.startedAt)}</span> },
              {
                label: t('fleet.rebuilds.ended'),
                value: rebuild.endedAt && <span className="num">{dateTime(rebuild.endedAt)}</span>,
              },
            ]}
          />
          {rebuild.failed > 0 && <p className="quiet fleet-more">{t('fleet.rebuilds.failedHint')}</p>}
        </>
      )}
    </DetailDrawer>
  );
}

function Course({ rebuild }: { rebuild: Rebuild }) {
  const t = useT();
  const made = rebuild.done + rebuild.failed;
  const [samples, setSamples] = useState<Sample[]>([]);
  useEffect(() => setSamples((before) => sampled(before, { at: Date.now(), done: made })), [made]);
  const pacing = rebuild.state === 'running' ? pace(samples, rebuild.total) : null;
  const percent = rebuild.total > 0 ? Math.floor((made / rebuild.total) * 100) : rebuild.state === 'done' ? 100 : 0;
  return (
    <div className="fleet-course">
      <Progress
        percent={percent}
        status={rebuild.state === 'running' ? 'active' : rebuild.state === 'done' ? 'success' : 'normal'}
        aria-label={t('fleet.rebuilds.progress')}
      />
      <p className="quiet num" role="status">
        {[
          t('fleet.rebuilds.of', { done: count(made), all: count(rebuild.total) }),
          pacing && t('fleet.rebuilds.rate', { n: pacing.rate.toFixed(pacing.rate < 10 ? 1 : 0) }),
          pacing && pacing.left > 0 && t('fleet.rebuilds.left', { n: pacing.left }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {rebuild.state === 'running' && <p className="quiet">{t('fleet.rebuilds.leave')}</p>}
    </div>
  );
}

function Cancel({ rebuild }: { rebuild: Rebuild }) {
  const t = useT();
  const may = useCan()('builder.rebuild');
  const { modal } = App.useApp();
  const cancel = useAct({
    run: (id: string) => take(api.POST('/v1/fleet/rebuilds/{id}:cancel', { params: { path: { id } }, body: { id } })),
    refresh: [appKeys.all],
    said: t('fleet.rebuilds.cancelled'),
  });
  if (!may) return null;
  return (
    <Button
      loading={cancel.isPending}
      onClick={() =>
        modal.confirm({
          title: t('fleet.rebuilds.cancelAsk'),
          content: t('fleet.rebuilds.cancelHint'),
          okText: t('fleet.rebuilds.cancel'),
          cancelText: t('fleet.rebuilds.goOn'),
          icon: null,
          onOk: () => cancel.mutateAsync(rebuild.id).catch(() => {}),
        })
      }
    >
      {t('fleet.rebuilds.cancel')}
    </Button>
  );
}
