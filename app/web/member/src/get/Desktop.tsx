import { useT } from '@gonghui/ui/base';
import { encode } from 'uqr';
import { qrPath } from '../rules/qr.ts';
import { Install } from './Install.tsx';

/** A computer: a code for the phone, and the browser's own way for itself. */
export function Desktop({ url }: { url: string }) {
  const t = useT();
  const { data, size } = encode(url, { ecc: 'M', border: 2 });
  return (
    <>
      <section className="panel get-scan">
        <svg
          viewBox={`0 0 ${size} ${size}`}
          shapeRendering="crispEdges"
          role="img"
          aria-label={t('member.get.code', { url })}
          data-url={url}
        >
          <path d={`M0 0h${size}v${size}H0z`} fill="#fff" />
          <path d={qrPath(data)} fill="#000" />
        </svg>
        <div>
          <h2 className="state-title">{t('member.get.scan')}</h2>
          <p className="small">{t('member.get.scanWhy')}</p>
        </div>
      </section>
      <section className="panel stack">
        <h2 className="state-title">{t('member.get.onDesktop')}</h2>
        <Install desktop />
      </section>
    </>
  );
}
