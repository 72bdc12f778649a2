import type { Schemas } from '@gonghui/api';
import { count, percent } from '../base/format.ts';
import { useT } from '../base/i18n.ts';

/** Devices by version, the newest first: each as a share of all that are shown. */
export function Installs({ installs }: { installs: Schemas['AppInstalls'][] }) {
  const t = useT();
  const all = installs.reduce((sum, one) => sum + Number(one.devices), 0);
  return (
    <div className="installs-box">
      <ul className="installs" aria-label={t('apps.installs')}>
        {installs.map((one) => {
          const devices = Number(one.devices);
          const version = `${t(`apps.short.${one.channel}`)} ${one.versionName}`.trim();
          return (
            <li
              key={`${one.channel} ${one.versionCode} ${one.versionName}`}
              title={t('apps.bar', { version, n: count(devices), share: percent(devices, all) })}
            >
              <span className="installs-name num">{version}</span>
              <span className="installs-track" aria-hidden="true">
                <span
                  className="installs-bar"
                  style={{ width: `${all > 0 ? Math.max(1, (devices / all) * 100) : 0}%` }}
                />
              </span>
              <span className="installs-count num">{t('apps.devices', { count: devices, n: count(devices) })}</span>
              <span className="installs-active num">{t('apps.active', { n: count(one.active) })}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
