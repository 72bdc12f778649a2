import { useCan, useT } from '@gonghui/ui';
import { AuditPage } from '@gonghui/ui/audit';
import { Button } from 'antd';
import { useState } from 'react';
import { ExportActs } from './ExportActs.tsx';

/** The body's audit trail, with the way to take it out. */
export function ConsoleAudit() {
  const t = useT();
  const can = useCan();
  const [exporting, setExporting] = useState(false);
  return (
    <AuditPage
      action={
        can('audit.export') && (
          <>
            <Button onClick={() => setExporting(true)}>{t('audit.export')}</Button>
            <ExportActs open={exporting} close={() => setExporting(false)} />
          </>
        )
      }
    />
  );
}
