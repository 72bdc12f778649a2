import { asApiError } from '@gonghui/api';
import { EmptyState, fileSize, Section, useLocale, useT } from '@gonghui/ui';
import { App, Button, Checkbox } from 'antd';
import { useState } from 'react';
import type { BodyApp } from './app.ts';
import { standing } from './standing.ts';
import { usePublish } from './useActs.ts';

interface Props {
  app: BodyApp;
  back: () => void;
  next: () => void;
}

/** What was built for everybody, offered to everybody. */
export function StartPublish({ app, back, next }: Props) {
  const t = useT();
  const locale = useLocale();
  const { message } = App.useApp();
  const publish = usePublish({ quiet: true, silent: true });
  const [left, setLeft] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const ready = app.channels.filter((one) => standing(one) === 'ready');
  const out = app.channels.filter((one) => one.public && one.release);
  const chosen = ready.filter(({ channel }) => !left.includes(channel));
  const run = async () => {
    setBusy(true);
    try {
      for (const { last } of chosen) {
        if (last) await publish.mutateAsync({ id: last.id, share: 100, notesZh: '', notesEn: '' });
      }
      next();
    } catch (thrown) {
      void message.error(asApiError(thrown).text(locale), 6);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t('ownApp.start.publishTitle')} about={t('ownApp.start.publishAbout')}>
      {ready.length === 0 && out.length === 0 ? (
        <EmptyState
          title={t('ownApp.start.nothing')}
          why={t('ownApp.start.nothingWhy')}
          action={<Button onClick={back}>{t('ownApp.start.before')}</Button>}
        />
      ) : (
        <>
          <ul className="rows">
            {ready.map(({ channel, last }) => (
              <li key={channel}>
                <Checkbox
                  checked={!left.includes(channel)}
                  onChange={({ target }) =>
                    setLeft(target.checked ? left.filter((one) => one !== channel) : [...left, channel])
                  }
                >
                  {t(`apps.channel.${channel}`)}
                </Checkbox>
                <span className="quiet num">
                  {[last?.versionName, Number(last?.size) > 0 && fileSize(last?.size ?? 0)].filter(Boolean).join(' · ')}
                </span>
              </li>
            ))}
            {out
              .filter((one) => !ready.includes(one))
              .map(({ channel, release }) => (
                <li key={channel}>
                  <span>{t(`apps.channel.${channel}`)}</span>
                  <span className="quiet num">
                    {release?.versionName} {t('ownApp.standing.current')}
                  </span>
                </li>
              ))}
          </ul>
          <div className="start-acts">
            <Button onClick={back}>{t('ownApp.start.before')}</Button>
            {chosen.length > 0 ? (
              <Button type="primary" loading={busy} onClick={() => void run()}>
                {t('ownApp.start.publish')}
              </Button>
            ) : (
              <Button type="primary" disabled={out.length === 0} onClick={next}>
                {t('ownApp.start.next')}
              </Button>
            )}
          </div>
        </>
      )}
    </Section>
  );
}
