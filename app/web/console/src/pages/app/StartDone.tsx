import { CheckCircleFilled } from '@ant-design/icons';
import { CopyField, pick, Section, useLocale, useT } from '@gonghui/ui';
import { Button, QRCode } from 'antd';
import { useNavigate } from 'react-router';
import type { BodyApp } from './app.ts';

/** Pixels. */
const SIDE = 200;

/** The code that people scan: the app is out. */
export function StartDone({ app }: { app: BodyApp }) {
  const t = useT();
  const locale = useLocale();
  const navigate = useNavigate();
  return (
    <Section>
      <div className="ending">
        <CheckCircleFilled aria-hidden className="ending-good" />
        <h2>{t('ownApp.start.doneTitle', { app: pick(locale, app.appName, app.appNameEn) })}</h2>
        <p className="quiet">{t('ownApp.start.doneAbout')}</p>
        <div className="get-code">
          <QRCode
            value={app.downloadUrl}
            size={SIDE}
            type="svg"
            errorLevel="M"
            color="#000"
            bgColor="#fff"
            bordered={false}
            aria-label={t('ownApp.get.code', { url: app.downloadUrl })}
          />
        </div>
        <div className="ending-link">
          <CopyField value={app.downloadUrl} label={t('ownApp.get.url')} />
        </div>
        <div className="ending-acts">
          <Button onClick={() => void navigate('/app/poster')}>{t('ownApp.get.poster')}</Button>
          <Button type="primary" onClick={() => void navigate('/app')}>
            {t('ownApp.start.toApp')}
          </Button>
        </div>
      </div>
    </Section>
  );
}
