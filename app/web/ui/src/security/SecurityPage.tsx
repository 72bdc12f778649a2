import { useT } from '../base/i18n.ts';
import { PageHead } from '../Section.tsx';
import { Devices } from './Devices.tsx';
import { Factors } from './Factors.tsx';
import { PasswordForm } from './PasswordForm.tsx';

/** The own account's protection as a page of its own. */
export function SecurityPage() {
  const t = useT();
  return (
    <div className="page">
      <PageHead title={t('security.title')} purpose={t('security.purpose')} />
      <Factors />
      <PasswordForm />
      <Devices />
    </div>
  );
}
