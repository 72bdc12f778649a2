import { useT } from '@gonghui/ui';
import { AuditPage, LinkButton } from '@gonghui/ui/audit';

/** What was done above the bodies of the own subtree, and the way to what the own account did. */
export function HqAudit() {
  const t = useT();
  return <AuditPage supervision action={<LinkButton to="/records">{t('audit.own')}</LinkButton>} />;
}
