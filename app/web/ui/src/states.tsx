import { asApiError } from '@gonghui/api';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLocale, useT } from './base/i18n.ts';
import { useTheme } from './base/theme.ts';
import { Why } from './Why.tsx';

interface EmptyProps {
  /** What this will show. */
  title: string;
  /** Why it is empty. */
  why?: string;
  /** The one next act. */
  action?: ReactNode;
  /** Alone on the page, with no heading above. */
  page?: boolean;
}

/** Nothing there yet. */
export function EmptyState({ title, why, action, page }: EmptyProps) {
  const Heading = page ? 'h1' : 'h2';
  return (
    <div className="state">
      <Heading className="state-title">{title}</Heading>
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
  /** A refusal for want of a right is said like any other. */
  plain?: boolean;
}

/** Something failed: what happened, what was kept, try again, and a number for whoever looks into it. */
export function ErrorState({ error, retry, kept, page, plain }: ErrorProps) {
  const t = useT();
  const locale = useLocale();
  const e = asApiError(error);
  const Heading = page ? 'h1' : 'h2';
  if (e.reason === 'FORBIDDEN' && !plain) return <NoRight capability={e.metadata.capability} page={page} />;
  return (
    <div className={page ? 'state state-page' : 'state'} role="alert">
      <Heading className="state-title">{t('state.errorTitle')}</Heading>
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
  /** Alone on the page, with no heading above. */
  page?: boolean;
}

/** A right is missing: which one, and who can give it. */
export function NoRight({ what, capability, page }: NoRightProps) {
  const Heading = page ? 'h1' : 'h2';
  const t = useT();
  const { bodyName } = useTheme();
  const who = bodyName || t('state.noRightWho');
  const missing = what || capability;
  return (
    <div className="state">
      <Heading className="state-title">{t('state.noRightTitle')}</Heading>
      <p className="state-text">
        {missing ? t('state.noRightHint', { what: missing, who }) : t('state.noRightPlain', { who })}
      </p>
      {capability && (
        <div className="state-act">
          <Why capability={capability} what={what} />
        </div>
      )}
    </div>
  );
}

/** No page has this address. */
export function NoPage() {
  const t = useT();
  return (
    <div className="state">
      <h1 className="state-title">{t('state.noPageTitle')}</h1>
      <p className="state-text">{t('state.noPageHint')}</p>
      <div className="state-act">
        <Link to="/">{t('state.home')}</Link>
      </div>
    </div>
  );
}
