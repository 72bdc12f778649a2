import { asApiError } from '@gonghui/api';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLocale, useT } from './base/i18n.ts';
import { useTheme } from './base/theme.ts';

interface EmptyProps {
  /** What this will show. */
  title: string;
  /** Why it is empty. */
  why?: string;
  /** The one next act. */
  action?: ReactNode;
}

/** Nothing there yet. */
export function EmptyState({ title, why, action }: EmptyProps) {
  return (
    <div className="state">
      <h3 className="state-title">{title}</h3>
      {why && <p className="state-text">{why}</p>}
      {action && <div className="state-act">{action}</div>}
    </div>
  );
}

interface ErrorProps {
  error: unknown;
  retry?: () => void;
  /** Something the person entered is still there. */
  kept?: boolean;
  /** Alone on the page, outside the shell. */
  page?: boolean;
}

/** Something failed: what happened, what was kept, try again, and a number for whoever looks into it. */
export function ErrorState({ error, retry, kept, page }: ErrorProps) {
  const t = useT();
  const locale = useLocale();
  const e = asApiError(error);
  if (e.reason === 'FORBIDDEN') return <NoRight capability={e.metadata.capability} />;
  return (
    <div className={page ? 'state state-page' : 'state'} role="alert">
      <h3 className="state-title">{t('state.errorTitle')}</h3>
      <p className="state-text">
        {e.text(locale)}
        {kept && ` ${t('state.errorKept')}`}
      </p>
      {retry && (
        <div className="state-act">
          <Button onClick={retry}>{t('act.retry')}</Button>
        </div>
      )}
      {e.traceId && <p className="state-trace num">{t('state.trace', { id: e.traceId })}</p>}
    </div>
  );
}

interface NoRightProps {
  /** What the missing right is called, for people. */
  what?: string;
  /** Its name, when nothing better is known. */
  capability?: string;
}

/** A right is missing: which one, and who can give it. */
export function NoRight({ what, capability }: NoRightProps) {
  const t = useT();
  const { bodyName } = useTheme();
  const who = bodyName || t('state.noRightWho');
  const missing = what || capability;
  return (
    <div className="state">
      <h3 className="state-title">{t('state.noRightTitle')}</h3>
      <p className="state-text">
        {missing ? t('state.noRightHint', { what: missing, who }) : t('state.noRightPlain', { who })}
      </p>
    </div>
  );
}

/** No page has this address. */
export function NoPage() {
  const t = useT();
  return (
    <div className="state">
      <h3 className="state-title">{t('state.noPageTitle')}</h3>
      <p className="state-text">{t('state.noPageHint')}</p>
      <div className="state-act">
        <Link to="/">{t('state.home')}</Link>
      </div>
    </div>
  );
}
