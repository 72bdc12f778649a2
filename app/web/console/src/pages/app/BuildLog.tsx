import { pick, useLocale, useT } from '@gonghui/ui';
import type { Build } from './app.ts';
import { open } from './app.ts';
import { useLog } from './useLog.ts';

/** What a build says while it works, and what it has said. */
export function BuildLog({ build }: { build: Build }) {
  const t = useT();
  const locale = useLocale();
  const live = useLog(build.id, open(build));
  const lines = live.length > build.log.length ? live : build.log;
  return (
    <div className="build-log num" role="log" aria-label={t('ownApp.log')}>
      <ol>
        {lines.length === 0 && <li className="quiet">{t(`ownApp.waiting.${open(build) ? 'queue' : 'none'}`)}</li>}
        {lines.map((line) => (
          <li key={line.number} className={line.step === 'failed' ? 'build-log-bad' : undefined}>
            <span className="build-log-at">{t('ownApp.at', { s: (line.atMs / 1000).toFixed(2) })}</span>
            <span>{pick(locale, line.zh, line.en)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
