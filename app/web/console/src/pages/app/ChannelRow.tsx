import { Badge, dateTime, fileSize, pick, type T, useCan, useLocale, useT } from '@gonghui/ui';
import { Button, Progress } from 'antd';
import { Link, type To } from 'react-router';
import { AppIdButton } from './AppIdButton.tsx';
import type { BodyApp, Channel } from './app.ts';
import { signs } from './signs.tsx';
import { standing, tones, wants } from './standing.ts';
import { useCancel, useStart } from './useActs.ts';

interface Props {
  app: BodyApp;
  channel: Channel;
  /** Leads to the channel's own drawer. */
  to: To;
  publish: (channel: Channel) => void;
}

/** A channel in a row: where it stands, and the one thing to do about it. */
export function ChannelRow({ app, channel, to, publish }: Props) {
  const t = useT();
  const locale = useLocale();
  const name = t(`apps.channel.${channel.channel}`);
  const at = standing(channel);
  return (
    <li>
      <span className="channel-sign">{signs[channel.channel]}</span>
      <div className="row-text">
        <span className="row-name">
          <Link to={to} className="row-link">
            {name}
          </Link>{' '}
          <Badge tone={tones[at]}>{t(`ownApp.standing.${at}`, { share: channel.staged?.share ?? 0 })}</Badge>
        </span>
        <span className="row-sub num">{facts(channel, t)}</span>
        {channel.staged && (
          <span className="row-sub num">
            {t('ownApp.stagedAt', { version: channel.staged.versionName, share: channel.staged.share })}
          </span>
        )}
        {at === 'update' && <span className="row-sub channel-changes">{changed(channel, t)}</span>}
        {at === 'failed' && channel.last && (
          <span className="row-sub channel-fault">{pick(locale, channel.last.errorZh, channel.last.errorEn)}</span>
        )}
        {at === 'working' && (
          <Progress
            percent={channel.last?.progress ?? 0}
            size="small"
            status="active"
            aria-label={t('ownApp.standing.working')}
          />
        )}
      </div>
      <Act app={app} channel={channel} publish={publish} name={name} />
    </li>
  );
}

/** What people have, or what was built last: version, size, when. */
function facts({ channel, release, staged, last }: Channel, t: T): string {
  const offered = release ?? staged;
  const shown = offered ?? (last?.state === 'done' ? last : null);
  if (!shown) return t(`ownApp.about.${channel}`);
  return [
    shown.versionName,
    Number(shown.size) > 0 && fileSize(shown.size),
    offered
      ? t('ownApp.publishedAt', { at: dateTime(offered.publishedAt) })
      : t('ownApp.builtAt', { at: dateTime(last?.endedAt) }),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What differs from what people have, in words. */
export function changed({ changes }: Channel, t: T): string {
  const parts = changes.map((one) => t(`ownApp.change.${one}`)).join(t('policy.comma'));
  return t('ownApp.changed', { parts });
}

function Act({ app, channel, publish, name }: Pick<Props, 'app' | 'channel' | 'publish'> & { name: string }) {
  const t = useT();
  const may = useCan()('builder.write');
  const start = useStart();
  const cancel = useCancel();
  const at = standing(channel);
  const { last } = channel;
  if (!may) return null;
  if (at === 'working' && last) {
    return (
      <Button
        loading={cancel.isPending}
        aria-label={`${t('ownApp.cancel')} ${name}`}
        onClick={() => cancel.mutate(last.id)}
      >
        {t('ownApp.cancel')}
      </Button>
    );
  }
  if (at === 'ready') {
    return (
      <Button type="primary" aria-label={`${t('ownApp.publish')} ${name}`} onClick={() => publish(channel)}>
        {t('ownApp.publish')}
      </Button>
    );
  }
  if (wants(app, channel)) return <AppIdButton app={app} />;
  if (at === 'current' || at === 'made' || at === 'staged') return null;
  const act = t(at === 'update' ? 'ownApp.rebuild' : at === 'failed' ? 'ownApp.again' : 'ownApp.build');
  return (
    <Button
      loading={start.isPending}
      aria-label={`${act} ${name}`}
      onClick={() => start.mutate({ channels: [channel.channel] })}
    >
      {act}
    </Button>
  );
}
