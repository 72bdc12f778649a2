import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons';
import { dateTime, EmptyState, ErrorState, NoRight, PageHead, PageSkeleton, useCan, useMe, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { Link } from 'react-router';
import { useDownload } from '../../useDownload.ts';
import { useApp } from './app.ts';
import { useStart } from './useActs.ts';

/** What the authority asks for when an app is put on record, on one page of A4: names, package, certificate, public key. */
export function FilingPage() {
  const t = useT();
  const can = useCan();
  const { place } = useMe();
  const app = useApp(can('builder.read'));
  const { busy, get } = useDownload();
  const start = useStart();
  if (!can('builder.read')) return <NoRight page what={t('ownApp.title')} />;
  if (!app.data) {
    return app.error ? <ErrorState error={app.error} retry={() => void app.refetch()} page /> : <PageSkeleton />;
  }
  const { appName, appNameEn, applicationId, startUrl, key, channels } = app.data;
  const sheet = channels.find(({ channel }) => channel === 'filing')?.last;
  const rows = key && [
    [t('ownApp.filing.appName'), appName],
    [t('ownApp.filing.appNameEn'), appNameEn],
    [t('ownApp.filing.holder'), place.bodyName],
    [t('ownApp.filing.platform'), 'Android'],
    [t('ownApp.filing.package'), applicationId],
    [t('ownApp.filing.domain'), startUrl],
    [t('ownApp.filing.md5'), key.md5],
    [t('ownApp.filing.sha1'), key.sha1],
    [t('ownApp.filing.sha256'), key.sha256],
    [t('ownApp.filing.modulus'), key.modulus],
  ];
  return (
    <div className="page page-narrow">
      <Link to="/app" className="page-back">
        {t('ownApp.builds.back')}
      </Link>
      <PageHead
        title={t('ownApp.filing.title')}
        purpose={t('ownApp.filing.purpose')}
        action={
          rows && (
            <span className="row-acts">
              {sheet?.state === 'done' && (
                <Button
                  icon={<DownloadOutlined aria-hidden />}
                  loading={busy}
                  onClick={() => void get(`/v1/app/builds/${sheet.id}/file`, sheet.fileName)}
                >
                  {t('ownApp.filing.download')}
                </Button>
              )}
              <Button type="primary" icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>
                {t('ownApp.print')}
              </Button>
            </span>
          )
        }
      />
      {rows ? (
        <section className="sheet sheet-filing" aria-label={t('ownApp.filing.title')}>
          <h2 className="sheet-title">{t('ownApp.filing.title')}</h2>
          <dl>
            {rows
              .filter(([, value]) => value)
              .map(([label, value]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
          </dl>
          <p className="sheet-note">{t('ownApp.filing.made', { at: dateTime(new Date()) })}</p>
        </section>
      ) : (
        <EmptyState
          title={t('ownApp.filing.empty')}
          why={t('ownApp.filing.emptyWhy')}
          action={
            can('builder.write') && (
              <Button
                type="primary"
                loading={start.isPending}
                onClick={() => start.mutate({ channels: ['android', 'filing'] })}
              >
                {t('ownApp.build')}
              </Button>
            )
          }
        />
      )}
    </div>
  );
}
