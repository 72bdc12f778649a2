import { api, take } from '@gonghui/api';
import {
  Badge,
  count,
  dateTime,
  type ListColumn,
  ListPage,
  NoRight,
  type Tone,
  useCan,
  useDetail,
  useT,
} from '@gonghui/ui';
import { Link } from 'react-router';
import { appKeys, type Rebuild } from './apps.ts';
import { RebuildDrawer } from './RebuildDrawer.tsx';

export const rebuildTones: Record<string, Tone> = { running: 'note', done: 'good', cancelled: 'plain' };

/** Milliseconds between two looks at rows that move. */
const LIVE = 2000;

/** When all apps below were built anew, why, and what came of it. */
export function RebuildsPage() {
  const t = useT();
  const can = useCan();
  const detail = useDetail('/apps/rebuilds');
  if (!can('builder.oversee')) return <NoRight page what={t('fleet.title')} capability="builder.oversee" />;
  const columns: ListColumn<Rebuild>[] = [
    { key: 'reason', title: t('fleet.reason'), render: (r) => <span className="clip">{r.reason}</span> },
    {
      key: 'state',
      title: t('fleet.state'),
      phone: 'badge',
      render: (r) => <Badge tone={rebuildTones[r.state] ?? 'plain'}>{t(`fleet.rebuilds.states.${r.state}`)}</Badge>,
    },
    {
      key: 'progress',
      title: t('fleet.rebuilds.progress'),
      align: 'right',
      render: (r) => t('fleet.rebuilds.of', { done: count(r.done + r.failed), all: count(r.total) }),
    },
    { key: 'failed', title: t('fleet.rebuilds.failed'), align: 'right', render: (r) => count(r.failed) },
    {
      key: 'by',
      title: t('fleet.rebuilds.by'),
      render: (r) => r.startedBy,
    },
    {
      key: 'at',
      title: t('fleet.rebuilds.at'),
      phone: 'hide',
      render: (r) => <span className="num">{dateTime(r.startedAt)}</span>,
    },
  ];
  return (
    <ListPage<Rebuild>
      id="rebuilds"
      title={t('fleet.rebuilds.title')}
      purpose={t('fleet.rebuilds.purpose')}
      action={<Link to="/apps">{t('fleet.back')}</Link>}
      columns={columns}
      queryKey={[...appKeys.rebuilds, 'list']}
      load={async ({ pageSize, pageToken }) => {
        const reply = await take(api.GET('/v1/fleet/rebuilds', { params: { query: { pageSize, pageToken } } }));
        return { rows: reply.rebuilds, next: reply.nextPageToken };
      }}
      live={(rows) => rows.some(({ state }) => state === 'running') && LIVE}
      rowKey={(r) => r.id}
      href={detail.href}
      open={detail.open}
      empty={{
        title: t('fleet.rebuilds.empty'),
        why: t('fleet.rebuilds.emptyWhy'),
        action: <Link to="/apps">{t('fleet.back')}</Link>,
      }}
    >
      <RebuildDrawer id={detail.id} close={detail.close} />
    </ListPage>
  );
}
