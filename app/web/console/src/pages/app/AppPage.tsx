import { api, take } from '@gonghui/api';
import { Bars, EmptyState, ErrorState, NoRight, PageHead, Section, useCan, useDetail, useT } from '@gonghui/ui';
import { Installs } from '@gonghui/ui/apps';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Progress } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { keys } from '../../data.ts';
import { type BodyApp, type Channel, open, useApp } from './app.ts';
import { ChannelDrawer } from './ChannelDrawer.tsx';
import { ChannelRow } from './ChannelRow.tsx';
import { GetCard } from './GetCard.tsx';
import { KeySection } from './KeySection.tsx';
import { PublishForm } from './PublishForm.tsx';
import { due, progressOf } from './standing.ts';
import { useCancel, useStart } from './useActs.ts';

/** The body's own app: where each way to people stands, and the next thing to do about it. */
export function AppPage() {
  const t = useT();
  const can = useCan();
  const app = useApp(can('builder.read'));
  const detail = useDetail('/app');
  const [publishing, setPublishing] = useState<Channel | null>(null);
  if (!can('builder.read')) return <NoRight page what={t('ownApp.title')} capability="builder.read" />;
  return (
    <div className="page">
      <PageHead
        title={t('ownApp.title')}
        purpose={t('ownApp.purpose')}
        action={app.data && can('builder.write') && <BuildAll app={app.data} />}
      />
      {app.error && !app.data ? (
        <ErrorState error={app.error} retry={() => void app.refetch()} />
      ) : app.data ? (
        <>
          {app.data.channels.every(({ last }) => !last) && can('builder.write') && <Start />}
          <div className="own-app">
            <div>
              <Section title={t('ownApp.channels')} about={t('ownApp.channelsAbout')}>
                <Rows app={app.data} forAll={true} href={detail.href} publish={setPublishing} />
              </Section>
              <Section title={t('ownApp.projects')} about={t('ownApp.projectsAbout')}>
                <Rows app={app.data} forAll={false} href={detail.href} publish={setPublishing} />
              </Section>
              <KeySection app={app.data} />
            </div>
            <div>
              <GetCard app={app.data} />
              <ByVersion />
            </div>
          </div>
        </>
      ) : (
        <Bars rows={7} height={64} />
      )}
      <ChannelDrawer app={app.data} name={detail.id} close={detail.close} publish={setPublishing} />
      <PublishForm
        build={publishing?.last ?? null}
        first={!publishing?.release && !publishing?.staged}
        close={() => setPublishing(null)}
      />
    </div>
  );
}

interface RowsProps {
  app: BodyApp;
  /** Those for everybody, or those for the administrators. */
  forAll: boolean;
  href: ReturnType<typeof useDetail>['href'];
  publish: (channel: Channel) => void;
}

function Rows({ app, forAll, href, publish }: RowsProps) {
  return (
    <ul className="rows channels">
      {app.channels
        .filter((one) => one.public === forAll)
        .map((one) => (
          <ChannelRow key={one.channel} app={app} channel={one} to={href(one.channel)} publish={publish} />
        ))}
    </ul>
  );
}

/** Everything at once, with how far it is. */
function BuildAll({ app }: { app: BodyApp }) {
  const t = useT();
  const start = useStart();
  const cancel = useCancel();
  const progress = progressOf(app.channels);
  const waiting = due(app);
  // Who has never built anything is led by the hand.
  const first = app.channels.every(({ last }) => !last);
  if (progress !== null) {
    const working = app.channels.flatMap(({ last }) => (last && open(last) ? [last.id] : []));
    return (
      <span className="build-all" role="status">
        <Progress percent={progress} size="small" aria-label={t('ownApp.allWorking')} />
        <Button loading={cancel.isPending} onClick={() => working.map((id) => cancel.mutate(id))}>
          {t('ownApp.cancelAll')}
        </Button>
      </span>
    );
  }
  return (
    <Button
      type={waiting.length > 0 && !first ? 'primary' : 'default'}
      loading={start.isPending}
      onClick={() => start.mutate({ channels: waiting, anew: waiting.length === 0 })}
    >
      {waiting.length > 0 ? t('ownApp.buildDue', { count: waiting.length }) : t('ownApp.buildAll')}
    </Button>
  );
}

/** For who has never done it. */
function Start() {
  const t = useT();
  const navigate = useNavigate();
  return (
    <Section>
      <div className="app-start">
        <div>
          <h2>{t('ownApp.start.invite')}</h2>
          <p className="quiet">{t('ownApp.start.inviteAbout')}</p>
        </div>
        <Button type="primary" onClick={() => void navigate('/app/start')}>
          {t('ownApp.start.begin')}
        </Button>
      </div>
    </Section>
  );
}

function ByVersion() {
  const t = useT();
  const installs = useInfiniteQuery({
    queryKey: [...keys.app, 'installs'],
    queryFn: ({ pageParam }) =>
      take(api.GET('/v1/app/installs', { params: { query: { pageSize: 8, pageToken: pageParam } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const rows = installs.data?.pages.flatMap((page) => page.installs) ?? [];
  return (
    <Section title={t('apps.installs')} action={<Link to="/app/builds">{t('ownApp.builds.all')}</Link>}>
      {installs.error ? (
        <ErrorState error={installs.error} retry={() => void installs.refetch()} />
      ) : installs.isPending ? (
        <Bars rows={3} height={20} />
      ) : rows.length === 0 ? (
        <EmptyState title={t('apps.noInstalls')} why={t('apps.noInstallsWhy')} />
      ) : (
        <Installs installs={rows} />
      )}
      {installs.hasNextPage && (
        <Button loading={installs.isFetchingNextPage} onClick={() => void installs.fetchNextPage()}>
          {t('line.more')}
        </Button>
      )}
    </Section>
  );
}
