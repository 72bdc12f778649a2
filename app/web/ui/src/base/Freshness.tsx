import { useEffect, useState } from 'react';
import { ago, dateTime } from './format.ts';
import { useLocale, useT } from './i18n.ts';

interface Props {
  /** When the figure was last brought up to date. */
  at: string | null | undefined;
  /** The server's clock when it answered: a wrong clock on this device then does no harm. */
  serverTime?: string | null;
  /** Milliseconds that the figure is behind; above 5 s it is said. */
  lagMs?: number | string;
}

/** How fresh a figure is, counted on while one looks. */
export function Freshness({ at, serverTime, lagMs = 0 }: Props) {
  const t = useT();
  const locale = useLocale();
  const [now, setNow] = useState(() => Date.now());
  const [skew, setSkew] = useState(0);
  useEffect(() => {
    setSkew(serverTime ? new Date(serverTime).getTime() - Date.now() : 0);
  }, [serverTime]);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  if (!at) return <span className="fresh">{t('fresh.never')}</span>;
  const behind = Number(lagMs) > 5000;
  return (
    <time className={behind ? 'fresh behind num' : 'fresh num'} dateTime={at} title={dateTime(at)}>
      {t('fresh.updated', { ago: ago(at, new Date(now + skew), locale) })}
      {behind && t('fresh.behind', { seconds: Math.round(Number(lagMs) / 1000) })}
    </time>
  );
}
