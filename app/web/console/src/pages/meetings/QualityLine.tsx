import { Badge, useT } from '@gonghui/ui';
import { findings, type Quality } from './quality.ts';

/** How it was for somebody, in words; the figures behind them on one line. */
export function QualityLine({ quality }: { quality: Quality }) {
  const t = useT();
  const all = findings(quality);
  const { lossUp, lossDown, rtt, kbitUp, kbitDown, heightUp, heightDown, serverLoss, browser, system } = quality;
  const share = (thousandths: number) => `${(thousandths / 10).toFixed(1)} %`;
  const fine = all[0]?.key === 'fine';
  return (
    <>
      <span className="row-sub">
        <Badge tone={fine ? 'good' : 'warn'}>{t(fine ? 'meetings.quality.good' : 'meetings.quality.poor')}</Badge>{' '}
        {all.map(({ key, ...figures }) => t(`meetings.quality.${key}`, figures)).join(t('meetings.joinSep'))}
      </span>
      <span className="row-sub num">
        {[
          t('meetings.quality.loss', { up: share(lossUp), down: share(lossDown), server: share(serverLoss) }),
          t('meetings.quality.rtt', { ms: rtt }),
          t('meetings.quality.rate', { up: kbitUp, down: kbitDown }),
          (heightUp > 0 || heightDown > 0) && t('meetings.quality.height', { up: heightUp, down: heightDown }),
          browser && t(`meetings.quality.browser.${browser}`),
          system && t(`meetings.quality.system.${system}`),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </>
  );
}
