import { PrinterOutlined } from '@ant-design/icons';
import { ErrorState, Mark, NoRight, PageHead, PageSkeleton, pick, useCan, useLocale, useMe, useT } from '@gonghui/ui';
import { Button, QRCode } from 'antd';
import { Link } from 'react-router';
import { useApp } from './app.ts';

/** Pixels on screen; on paper it is larger. */
const SIDE = 280;

/** The sheet that a body puts on its wall: the code that leads to its app. One page of A4. */
export function PosterPage() {
  const t = useT();
  const locale = useLocale();
  const can = useCan();
  const { place } = useMe();
  const app = useApp(can('builder.read'));
  if (!can('builder.read')) return <NoRight page what={t('ownApp.title')} />;
  if (!app.data) {
    return app.error ? <ErrorState error={app.error} retry={() => void app.refetch()} page /> : <PageSkeleton />;
  }
  const { downloadUrl, appName, appNameEn } = app.data;
  return (
    <div className="page page-narrow">
      <Link to="/app" className="page-back">
        {t('ownApp.builds.back')}
      </Link>
      <PageHead
        title={t('ownApp.poster.title')}
        purpose={t('ownApp.poster.purpose')}
        action={
          <Button type="primary" icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>
            {t('ownApp.print')}
          </Button>
        }
      />
      <section className="sheet" aria-label={t('ownApp.poster.preview')}>
        <div className="sheet-head">
          <Mark size={40} />
          <span>{place.bodyName}</span>
        </div>
        <h2 className="sheet-title">
          {t('ownApp.poster.heading', { app: pick(locale, appName, appNameEn) || place.bodyName })}
        </h2>
        <div className="sheet-code">
          <QRCode
            value={downloadUrl}
            size={SIDE}
            type="svg"
            errorLevel="Q"
            color="#000"
            bgColor="#fff"
            bordered={false}
            aria-label={t('ownApp.get.code', { url: downloadUrl })}
          />
        </div>
        <ol className="sheet-steps">
          {(['scan', 'install', 'signIn'] as const).map((step) => (
            <li key={step}>{t(`ownApp.poster.step.${step}`)}</li>
          ))}
        </ol>
        <p className="sheet-link">
          {t('poster.link')} <b>{downloadUrl}</b>
        </p>
        <p className="sheet-note">{t('ownApp.poster.note')}</p>
      </section>
    </div>
  );
}
