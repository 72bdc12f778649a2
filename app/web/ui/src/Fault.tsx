import { Alert } from 'antd';
import { useT } from './base/i18n.ts';

/** A refusal that belongs to no field on screen, above the form. */
export function Fault({ fault }: { fault: { text: string; traceId: string } | null }) {
  const t = useT();
  if (!fault) return null;
  return (
    <Alert
      type="error"
      showIcon
      style={{ marginBottom: 16 }}
      title={fault.text}
      description={
        fault.traceId ? <span className="state-trace num">{t('state.trace', { id: fault.traceId })}</span> : undefined
      }
    />
  );
}
