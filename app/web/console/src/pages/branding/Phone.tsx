import { type Locale, useLocale, useMode, useT } from '@gonghui/ui';
import { Segmented } from 'antd';
import { useEffect, useRef, useState } from 'react';

type Mode = 'light' | 'dark' | 'elder';

interface Props {
  token: string;
  /** Changes whenever the draft does. */
  version: string;
}

/** The members' app itself, in a frame of a phone's size, with the draft. */
export function Phone({ token, version }: Props) {
  const t = useT();
  const own = useLocale();
  const { dark } = useMode();
  const [mode, setMode] = useState<Mode>(dark ? 'dark' : 'light');
  const [locale, setLocale] = useState<Locale>(own);
  const [ready, setReady] = useState(0);
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const hear = ({ origin, source, data }: MessageEvent) => {
      if (origin !== window.location.origin || source !== frame.current?.contentWindow) return;
      if (data?.gonghui === 'preview-ready') setReady((n) => n + 1);
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, []);
  useEffect(() => {
    if (!ready || !version) return;
    const wish = { gonghui: 'preview', dark: mode === 'dark', elder: mode === 'elder', locale };
    frame.current?.contentWindow?.postMessage(wish, window.location.origin);
  }, [ready, version, mode, locale]);
  return (
    <section className="design-phone" aria-label={t('branding.preview')}>
      <div className="design-phone-bar">
        <Segmented
          aria-label={t('branding.mode')}
          value={mode}
          options={(['light', 'dark', 'elder'] as const).map((value) => ({
            value,
            label: t(`branding.modes.${value}`),
          }))}
          onChange={setMode}
        />
        <Segmented
          aria-label={t('branding.language')}
          value={locale}
          options={[
            { value: 'zh' as const, label: t('branding.zh') },
            { value: 'en' as const, label: t('branding.en') },
          ]}
          onChange={setLocale}
        />
      </div>
      <div className="design-phone-case">
        {token && <iframe ref={frame} title={t('branding.preview')} src={`/?preview=${token}`} />}
      </div>
    </section>
  );
}
