import { DownloadOutlined } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import {
  Badge,
  Bars,
  DetailDrawer,
  dateTime,
  EmptyState,
  Facts,
  fileSize,
  pick,
  useCan,
  useLocale,
  useT,
} from '@gonghui/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Alert, App, Button } from 'antd';
import { Link } from 'react-router';
import { keys } from '../../data.ts';
import { useDownload } from '../../useDownload.ts';
import { AppIdButton } from './AppIdButton.tsx';
import { type BodyApp, type Channel, open, type Release, useBuild } from './app.ts';
import { BuildLog } from './BuildLog.tsx';
import { changed } from './ChannelRow.tsx';
import { StagedShare } from './StagedShare.tsx';
import { standing, tones, wants } from './standing.ts';
import { useCancel, usePublish, useRollBack, useStart, useStop } from './useActs.ts';

interface Props {
  app: BodyApp | undefined;
  /** The channel's name; null while the drawer is closed. */
  name: string | null;
  close: () => void;
  publish: (channel: Channel) => void;
}

/** One way of the app to people: what they have, what was built, what was published before. */
export function ChannelDrawer({ app, name, close, publish }: Props) {
  const t = useT();
  const channel = app?.channels.find((one) => one.channel === name);
  const at = channel && standing(channel);
  return (
    <DetailDrawer
      open={name !== null && (!app || !!channel)}
      close={close}
      width={640}
      loading={!app}
      title={channel && t(`apps.channel.${channel.channel}`)}
      badge={
        channel &&
        at && <Badge tone={tones[at]}>{t(`ownApp.standing.${at}`, { share: channel.staged?.share ?? 0 })}</Badge>
      }
      subtitle={channel && t(`ownApp.about.${channel.channel}`)}
      acts={app && channel && <Acts app={app} channel={channel} publish={publish} />}
    >
      {channel && (
        <>
          {channel.changed && channel.changes.length > 0 && at !== 'ready' && (
            <Alert type="info" showIcon title={changed(channel, t)} />
          )}
          {channel.channel === 'miniprogram' && (
            <Facts items={[{ label: t('ownApp.appId.label'), value: app?.wechatAppId }]} />
          )}
          <InForce channel={channel} />
          {channel.last && <Last id={channel.last.id} />}
          {channel.public && <Before channel={channel} />}
        </>
      )}
    </DetailDrawer>
  );
}

function Acts({ app, channel, publish }: Pick<Props, 'publish'> & { app: BodyApp; channel: Channel }) {
  const t = useT();
  const may = useCan()('builder.write');
  const { modal } = App.useApp();
  const { busy, get } = useDownload();
  const start = useStart();
  const cancel = useCancel();
  const stop = useStop();
  const at = standing(channel);
  const { last, release } = channel;
  const build =
    (anew: boolean, asTrial = false) =>
    () =>
      start.mutate({ channels: [channel.channel], anew, trial: asTrial });
  return (
    <>
      {may && at === 'ready' && (
        <Button type="primary" onClick={() => publish(channel)}>
          {t('ownApp.publish')}
        </Button>
      )}
      {may && at === 'working' && last && (
        <Button loading={cancel.isPending} onClick={() => cancel.mutate(last.id)}>
          {t('ownApp.cancel')}
        </Button>
      )}
      {may && channel.channel === 'miniprogram' && <AppIdButton app={app} />}
      {may && at !== 'working' && !wants(app, channel) && (
        <Button
          type={at === 'none' || at === 'update' || at === 'failed' ? 'primary' : 'default'}
          loading={start.isPending}
          onClick={build(at === 'current' || at === 'made')}
        >
          {t(at === 'none' ? 'ownApp.build' : at === 'failed' ? 'ownApp.again' : 'ownApp.rebuild')}
        </Button>
      )}
      {may && app.trialAvailable && channel.channel === 'android' && at !== 'working' && (
        <Button loading={start.isPending} onClick={build(false, true)}>
          {t('ownApp.trial')}
        </Button>
      )}
      {last?.state === 'done' && Number(last.size) > 0 && (
        <Button
          icon={<DownloadOutlined aria-hidden />}
          loading={busy}
          onClick={() => void get(`/v1/app/builds/${last.id}/file`, last.fileName)}
        >
          {t('ownApp.download')}
        </Button>
      )}
      {channel.channel === 'filing' && <Link to="/app/filing">{t('ownApp.filing.view')}</Link>}
      {may && release && (
        <Button
          danger
          loading={stop.isPending}
          onClick={() =>
            modal.confirm({
              title: t('ownApp.endAsk', { name: t(`apps.channel.${channel.channel}`) }),
              content: t('ownApp.endHint'),
              okText: t('ownApp.end'),
              cancelText: t('act.cancel'),
              icon: null,
              onOk: () => stop.mutateAsync(release.id).catch(() => {}),
            })
          }
        >
          {t('ownApp.end')}
        </Button>
      )}
    </>
  );
}

/** What people have now. */
function InForce({ channel }: { channel: Channel }) {
  const t = useT();
  const locale = useLocale();
  const { release, staged } = channel;
  if (!release && !staged) return null;
  return (
    <>
      <h3 className="detail-section">{t('ownApp.inForce')}</h3>
      {staged && <StagedShare key={`${staged.id} ${staged.share}`} staged={staged} release={release} />}
      {staged && release && <h4 className="detail-others">{t('ownApp.others')}</h4>}
      {release && (
        <Facts
          items={[
            { label: t('ownApp.version'), value: <span className="num">{version(release)}</span> },
            { label: t('ownApp.size'), value: Number(release.size) > 0 ? fileSize(release.size) : '' },
            { label: t('ownApp.publishedBy'), value: release.publishedBy },
            { label: t('ownApp.publishedWhen'), value: <span className="num">{dateTime(release.publishedAt)}</span> },
            { label: t('ownApp.notes'), value: pick(locale, release.notesZh, release.notesEn), wide: true },
            ...(release.sha256
              ? [{ label: 'SHA-256', value: <code className="digest">{release.sha256}</code>, wide: true }]
              : []),
          ]}
        />
      )}
    </>
  );
}

const version = ({ versionName, versionCode }: Pick<Release, 'versionName' | 'versionCode'>) =>
  [versionName, versionCode > 0 && `(${versionCode})`].filter(Boolean).join(' ');

/** The newest build, with its log as it is written. */
function Last({ id }: { id: string }) {
  const t = useT();
  const { data: build } = useBuild(id);
  return (
    <>
      <h3 className="detail-section">{t('ownApp.lastBuild')}</h3>
      {build ? (
        <>
          <p className="quiet num">
            {[
              version(build),
              build.startedBy || t('ownApp.fromAbove'),
              dateTime(build.queuedAt),
              build.trial && t('ownApp.trialMark'),
            ]
              .filter(Boolean)
              .join(' · ')}
            {build.reused && !open(build) && ` · ${t('ownApp.reused')}`}
          </p>
          <BuildLog build={build} />
          <p className="build-more">
            <Link to={`/app/builds?channel=${build.channel}`}>{t('ownApp.builds.all')}</Link>
          </p>
        </>
      ) : (
        <Bars rows={4} height={20} />
      )}
    </>
  );
}

/** What was published, newest first, and the way back to it. */
function Before({ channel }: { channel: Channel }) {
  const t = useT();
  const may = useCan()('builder.write');
  const { modal } = App.useApp();
  const name = channel.channel;
  const releases = useInfiniteQuery({
    queryKey: [...keys.app, 'releases', name],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/app/releases', {
          params: { query: { channel: name as 'android', pageSize: 10, pageToken: pageParam } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const back = useRollBack();
  const again = usePublish({ quiet: false });
  const rows = releases.data?.pages.flatMap((page) => page.releases) ?? [];
  const inForce = [channel.release?.id, channel.staged?.id];
  return (
    <>
      <h3 className="detail-section">{t('ownApp.history')}</h3>
      {releases.isSuccess && rows.length === 0 && (
        <EmptyState title={t('ownApp.noHistory')} why={t('ownApp.noHistoryWhy')} />
      )}
      <ul className="rows">
        {rows.map((one) => (
          <li key={one.id}>
            <div className="row-text">
              <span className="row-name num">
                {version(one)} {inForce.includes(one.id) && <Badge tone="good">{t('ownApp.now')}</Badge>}
              </span>
              <span className="row-sub num">
                {[
                  one.publishedBy || t('ownApp.fromAbove'),
                  dateTime(one.publishedAt),
                  one.share < 100 && t('ownApp.toShare', { share: one.share }),
                  one.endedAt && t('ownApp.endedAt', { at: dateTime(one.endedAt) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </div>
            {may && name === 'webclip' && !inForce.includes(one.id) && (
              <Button
                aria-label={`${t('ownApp.useThis')} ${version(one)}`}
                loading={again.isPending && again.variables.id === one.buildId}
                onClick={() => again.mutate({ id: one.buildId, share: 100, notesZh: '', notesEn: '' })}
              >
                {t('ownApp.useThis')}
              </Button>
            )}
            {may && name === 'android' && !inForce.includes(one.id) && (
              <Button
                aria-label={`${t('ownApp.back')} ${version(one)}`}
                loading={back.isPending && back.variables === one.buildId}
                onClick={() =>
                  modal.confirm({
                    title: t('ownApp.backAsk', { version: version(one) }),
                    content: t('ownApp.backHint'),
                    okText: t('ownApp.back'),
                    cancelText: t('act.cancel'),
                    icon: null,
                    onOk: () => back.mutateAsync(one.buildId).catch(() => {}),
                  })
                }
              >
                {t('ownApp.back')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {releases.hasNextPage && (
        <Button loading={releases.isFetchingNextPage} onClick={() => void releases.fetchNextPage()}>
          {t('line.more')}
        </Button>
      )}
    </>
  );
}
