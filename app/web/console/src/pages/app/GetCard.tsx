import { PrinterOutlined } from '@ant-design/icons';
import { CopyField, Section, useT } from '@gonghui/ui';
import { QRCode } from 'antd';
import { Link } from 'react-router';
import type { BodyApp } from './app.ts';

/** Pixels. */
const SIDE = 168;

/** Where people get the app: code, address, a sheet for the wall. */
export function GetCard({ app }: { app: BodyApp }) {
  const t = useT();
  const offered = app.channels.some((one) => one.public && (one.release || one.staged));
  return (
    <Section title={t('ownApp.get.title')} about={t(offered ? 'ownApp.get.about' : 'ownApp.get.nothing')}>
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
      <CopyField value={app.downloadUrl} label={t('ownApp.get.url')} />
      <p className="get-links">
        <a href={app.downloadUrl} target="_blank" rel="noreferrer">
          {t('ownApp.get.open')}
        </a>
        <Link to="/app/poster">
          <PrinterOutlined aria-hidden /> {t('ownApp.get.poster')}
        </Link>
      </p>
    </Section>
  );
}
