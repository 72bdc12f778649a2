import { Alert } from 'antd';
import { useT } from './base/i18n.ts';
import { Why } from './Why.tsx';

/** A refusal that belongs to no field on screen, above the form. */
export function Fault({ fault }: { fault: { text: string; traceId: string; capability?: string } | null }) {
  const t = useT();
  if (!fault) return null;
  return (
    <Alert
      type="error"
      showIcon
      style={{ marginBottom: 16 }}
      title={fault.text}
      action={fault.capability ? <Why capability={fault.capability} inline /> : undefined}
      description={
        fault.traceId ? <span className="state-trace num">{t('state.trace', { id: fault.traceId })}</span> : undefined
      }
    />
  );
}
