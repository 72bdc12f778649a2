import { asApiError } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { Button } from './Button.tsx';

interface Props {
  error: unknown;
  retry: () => void;
  /** Alone on the page. */
  page?: boolean;
}

/** Something could not be loaded: what happened, try again, and a number for whoever looks into it. */
export function Failed({ error, retry, page }: Props) {
  const t = useT();
  const locale = useLocale();
  const { traceId, text } = describe(error);
  return (
    <div className={page ? 'state state-page' : 'state'} role="alert">
      <h2 className="state-title">{t('state.errorTitle')}</h2>
      <p>{text(locale)}</p>
      <Button onClick={retry}>{t('act.retry')}</Button>
      {traceId && <p className="small num">{t('state.trace', { id: traceId })}</p>}
    </div>
  );
}

function describe(error: unknown) {
  const e = asApiError(error);
  return { traceId: e.traceId, text: e.text.bind(e) };
}
