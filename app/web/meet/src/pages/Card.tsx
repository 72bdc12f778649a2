import {
  languageName,
  Mark,
  setElder,
  setLocale,
  setMode,
  useElder,
  useLanguages,
  useLocale,
  useMode,
  useT,
  useTheme,
} from '@gonghui/ui/base';
import type { ReactNode } from 'react';

/** A page outside a meeting: whose it is, one thing to do, language and dark mode. */
export function Card({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  const theme = useTheme();
  return (
    <div className="outside">
      <header className="outside-head">
        <span className="outside-body">
          <Mark size={28} />
          <span>{theme.bodyName}</span>
        </span>
        <Looks />
      </header>
      <main className={`card${wide ? ' wide' : ''}`}>{children}</main>
    </div>
  );
}

function Looks() {
  const t = useT();
  const locale = useLocale();
  const { dark } = useMode();
  const elder = useElder();
  const others = useLanguages().filter((one) => one !== locale);
  return (
    <span className="looks">
      {others.map((one) => (
        <button
          key={one}
          type="button"
          className="link"
          lang={one === 'zh' ? 'zh-CN' : 'en'}
          onClick={() => setLocale(one)}
        >
          {languageName(one)}
        </button>
      ))}
      <button type="button" className="link" onClick={() => setElder(!elder)}>
        {t(elder ? 'meet.elder.off' : 'meet.elder.on')}
      </button>
      <button type="button" className="link" onClick={() => setMode(dark ? 'light' : 'dark')}>
        {t(dark ? 'shell.light' : 'shell.dark')}
      </button>
    </span>
  );
}

export function Busy({ text }: { text: string }) {
  return (
    <div className="busy" role="status">
      <span className="turning" aria-hidden="true" />
      <p>{text}</p>
    </div>
  );
}
