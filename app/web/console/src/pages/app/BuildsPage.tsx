import { api, take } from '@gonghui/api';
import {
  Badge,
  dateTime,
  fileSize,
  type ListColumn,
  ListPage,
  NoRight,
  type Tone,
  useCan,
  useDetail,
  useT,
} from '@gonghui/ui';
import { channels } from '@gonghui/ui/apps';
import { Link } from 'react-router';
import { keys } from '../../data.ts';
import { type Build, open } from './app.ts';
import { BuildDrawer } from './BuildDrawer.tsx';

export const buildTones: Record<string, Tone> = {
  queued: 'note',
  running: 'note',
  done: 'good',
  failed: 'bad',
  cancelled: 'plain',
};

/** Milliseconds between two looks at rows that move. */
const LIVE = 1000;

/** Every build, newest first. */
export function BuildsPage() {
  const t = useT();
  const can = useCan();
  const detail = useDetail('/app/builds');
  if (!can('builder.read')) return <NoRight page what={t('ownApp.title')} />;
  const columns: ListColumn<Build>[] = [
    {
      key: 'version',
      title: t('ownApp.version'),
      render: (b) => (
        <span className="num">
          {t(`apps.short.${b.channel}`)} {b.versionName}
        </span>
      ),
    },
    {
      key: 'state',
      title: t('ownApp.state'),
      phone: 'badge',
      render: (b) => (
        <>
          <Badge tone={buildTones[b.state] ?? 'plain'}>{t(`ownApp.states.${b.state}`)}</Badge>{' '}
          {b.published && <Badge tone="good">{t('ownApp.now')}</Badge>}
          {b.trial && <Badge tone="plain">{t('ownApp.trialMark')}</Badge>}
        </>
      ),
    },
    { key: 'queued', title: t('ownApp.queuedAt'), render: (b) => <span className="num">{dateTime(b.queuedAt)}</span> },
    { key: 'by', title: t('ownApp.startedBy'), render: (b) => b.startedBy || t('ownApp.fromAbove') },
    {
      key: 'size',
      title: t('ownApp.size'),
      align: 'right',
      phone: 'hide',
      render: (b) => (Number(b.size) > 0 ? fileSize(b.size) : '\u2014'),
    },
    {
      key: 'digest',
      title: 'SHA-256',
      optional: true,
      render: (b) => <code className="digest-short">{b.sha256.slice(0, 16)}</code>,
    },
  ];
  return (
    <ListPage<Build>
      id="builds"
      title={t('ownApp.builds.title')}
      purpose={t('ownApp.builds.purpose')}
      action={<Link to="/app">{t('ownApp.builds.back')}</Link>}
      columns={columns}
      filters={[
        {
          key: 'channel',
          kind: 'select',
          label: t('ownApp.channel'),
          options: [
            { value: '', label: t('ownApp.builds.any') },
            ...channels.map((value) => ({ value, label: t(`apps.channel.${value}`) })),
          ],
        },
      ]}
      queryKey={[...keys.app, 'builds']}
      load={async ({ filters, pageSize, pageToken }) => {
        const channel = (filters.channel ?? '') as 'android';
        const reply = await take(api.GET('/v1/app/builds', { params: { query: { channel, pageSize, pageToken } } }));
        return { rows: reply.builds, next: reply.nextPageToken };
      }}
      live={(rows) => rows.some(open) && LIVE}
      rowKey={(b) => b.id}
      href={detail.href}
      open={detail.open}
      empty={{
        title: t('ownApp.builds.empty'),
        why: t('ownApp.builds.emptyWhy'),
        action: <Link to="/app">{t('ownApp.builds.back')}</Link>,
      }}
    >
      <BuildDrawer id={detail.id} close={detail.close} />
    </ListPage>
  );
}
