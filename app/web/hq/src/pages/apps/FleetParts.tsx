import { Badge, useT } from '@gonghui/ui';
import type { FleetApp } from './apps.ts';

/** When a body published last; empty when it never did. */
export const newest = ({ channels }: FleetApp): string =>
  channels
    .map(({ publishedAt }) => publishedAt)
    .sort()
    .at(-1) ?? '';

/** What of a channel is out, and how far. */
export function Version({ app, channel }: { app: FleetApp; channel: string }) {
  const t = useT();
  const out = app.channels.filter((one) => one.channel === channel);
  if (out.length === 0) return '\u2014';
  return (
    <span className="num">
      {out
        .map(({ versionName, share }) =>
          share < 100 ? t('fleet.staged', { version: versionName, share }) : versionName,
        )
        .join(' · ')}
    </span>
  );
}

/** Whether the body's app is what it could be. */
export function State({ app }: { app: FleetApp }) {
  const t = useT();
  if (app.channels.length === 0) return <Badge tone="plain">{t('fleet.states.none')}</Badge>;
  // Only the Android package carries a program of its own that can fall behind.
  if (!app.channels.some(({ channel }) => channel === 'android'))
    return <Badge tone="good">{t('fleet.states.published')}</Badge>;
  return app.outdated ? (
    <Badge tone="warn">{t('fleet.states.outdated')}</Badge>
  ) : (
    <Badge tone="good">{t('fleet.states.current')}</Badge>
  );
}
