import { CheckCircleFilled, CloseCircleFilled, LoadingOutlined } from '@ant-design/icons';
import { pick, Section, useLocale, useT } from '@gonghui/ui';
import { Button, Progress } from 'antd';
import { type BodyApp, type Channel, open, useBuild } from './app.ts';
import { BuildLog } from './BuildLog.tsx';
import { due, progressOf, wants } from './standing.ts';
import { useCancel, useStart } from './useActs.ts';

/** Everything that is made of the looks, built while one watches. */
export function StartBuild({ app, next }: { app: BodyApp; next: () => void }) {
  const t = useT();
  const start = useStart();
  const cancel = useCancel();
  const progress = progressOf(app.channels);
  const waiting = due(app);
  const working = app.channels.flatMap(({ last }) => (last && open(last) ? [last.id] : []));
  const android = app.channels.find(({ channel }) => channel === 'android')?.last;
  const built = app.channels.some(({ last }) => last?.state === 'done');
  return (
    <Section title={t('ownApp.start.buildTitle')} about={t('ownApp.start.buildAbout')}>
      <ul className="rows start-rows">
        {app.channels.map((one) => (
          <Made key={one.channel} channel={one} later={wants(app, one)} />
        ))}
      </ul>
      {progress !== null && <Progress percent={progress} status="active" aria-label={t('ownApp.allWorking')} />}
      {android && <Log id={android.id} />}
      <div className="start-acts">
        {progress !== null ? (
          <Button loading={cancel.isPending} onClick={() => working.map((id) => cancel.mutate(id))}>
            {t('ownApp.cancelAll')}
          </Button>
        ) : (
          <>
            {waiting.length > 0 && (
              <Button
                type={built ? 'default' : 'primary'}
                loading={start.isPending}
                onClick={() => start.mutate({ channels: waiting })}
              >
                {t('ownApp.start.build')}
              </Button>
            )}
            {built && (
              <Button type="primary" onClick={next}>
                {t('ownApp.start.next')}
              </Button>
            )}
          </>
        )}
      </div>
    </Section>
  );
}

/** One channel; `later`: it is built once the body has said what it needs. */
function Made({ channel, later }: { channel: Channel; later: boolean }) {
  const t = useT();
  const locale = useLocale();
  const { last } = channel;
  const state = last?.state ?? 'none';
  return (
    <li>
      <span className={`start-sign start-${state}`} aria-hidden="true">
        {open(last) ? (
          <LoadingOutlined />
        ) : state === 'done' ? (
          <CheckCircleFilled />
        ) : state === 'failed' ? (
          <CloseCircleFilled />
        ) : (
          <span className="step-ring" />
        )}
      </span>
      <div className="row-text">
        <span className="row-name">{t(`apps.channel.${channel.channel}`)}</span>
        <span className="row-sub">
          {state === 'failed' && last ? pick(locale, last.errorZh, last.errorEn) : t(`ownApp.about.${channel.channel}`)}
        </span>
      </div>
      <span className="quiet num">
        {open(last) ? `${last?.progress ?? 0}%` : t(later ? 'ownApp.appId.later' : `ownApp.states.${state}`)}
      </span>
    </li>
  );
}

function Log({ id }: { id: string }) {
  const { data: build } = useBuild(id);
  return build ? <BuildLog build={build} /> : null;
}
