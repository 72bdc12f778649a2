import { PrinterOutlined } from '@ant-design/icons';
import { CopyField, Mark, NoRight, PageHead, useCan, useMe, useT } from '@gonghui/ui';
import { Button, QRCode } from 'antd';
import { Link } from 'react-router';

/** Pixels on screen; on paper it is larger. */
const SIDE = 280;

/** The sheet that a body puts on its wall: the code by which its members claim their own files. One page of A4. */
export function PosterPage() {
  const t = useT();
  const can = useCan();
  const { place } = useMe();
  if (!can('member.write')) return <NoRight page what={t('poster.title')} />;
  const url = `${window.location.origin}/join`;
  return (
    <div className="page page-narrow">
      <Link to="/members" className="page-back">
        {t('file.back')}
      </Link>
      <PageHead
        title={t('poster.title')}
        purpose={t('poster.purpose')}
        action={
          <Button type="primary" icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>
            {t('poster.print')}
          </Button>
        }
      />
      <CopyField value={url} label={t('poster.copy')} />
      <section className="sheet" aria-label={t('poster.preview')}>
        <div className="sheet-head">
          <Mark size={40} />
          <span>{place.bodyName}</span>
        </div>
        <h2 className="sheet-title">{t('poster.heading')}</h2>
        <div className="sheet-code">
          <QRCode
            value={url}
            size={SIDE}
            type="svg"
            errorLevel="Q"
            color="#000"
            bgColor="#fff"
            bordered={false}
            aria-label={t('poster.code', { url })}
          />
        </div>
        <ol className="sheet-steps">
          {(['scan', 'phone', 'name'] as const).map((step) => (
            <li key={step}>{t(`poster.step.${step}`)}</li>
          ))}
        </ol>
        <p className="sheet-link">
          {t('poster.link')} <b>{url}</b>
        </p>
        <p className="sheet-note">{t('poster.note')}</p>
      </section>
    </div>
  );
}
