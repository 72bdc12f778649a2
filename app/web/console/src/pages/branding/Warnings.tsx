import { InfoCircleOutlined, WarningOutlined } from '@ant-design/icons';
import type { Schemas } from '@gonghui/api';
import { useT } from '@gonghui/ui';

/** What could be better, and which colours were mended: told while one is choosing. */
export function Warnings({ warnings }: { warnings: Schemas['BrandingWarning'][] }) {
  const t = useT();
  const mended = warnings.filter((w) => w.code === 'mended');
  return (
    <div aria-live="polite">
      {warnings
        .filter((w) => w.code !== 'mended')
        .map((w) => (
          <p key={w.code} className="design-warning">
            <WarningOutlined aria-hidden />{' '}
            {t(`branding.warning.${w.code}`, { contrast: w.contrast.toFixed(1), least: w.least, ground: w.from })}
          </p>
        ))}
      {mended.length > 0 && (
        <details className="design-mended">
          <summary>
            <InfoCircleOutlined aria-hidden /> {t('branding.mended', { count: mended.length })}
          </summary>
          <ul>
            {mended.map((w) => (
              <li key={w.token} className="num">
                <span className="design-dot" style={{ background: w.from }} />
                {w.from} → <span className="design-dot" style={{ background: w.to }} />
                {w.to} · {t(`branding.token.${w.token}`)} ·{' '}
                {t('branding.ratio', { contrast: w.contrast.toFixed(1), least: w.least })}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
