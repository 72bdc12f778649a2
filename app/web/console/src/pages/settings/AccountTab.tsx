import { Facts, Section, useMe, useT } from '@gonghui/ui';
import { Devices, Factors, PasswordForm } from '@gonghui/ui/security';
import { Link } from 'react-router';

/** The signed-in person's own account. */
export function AccountTab() {
  const t = useT();
  const me = useMe();
  return (
    <div className="two-columns">
      <div>
        <Factors />
        <Devices />
      </div>
      <div>
        <Section title={t('account.me')}>
          <Facts
            items={[
              { label: t('account.name'), value: me.name },
              { label: t('account.phone'), value: me.phone },
              { label: t('account.role'), value: t(`role.${me.place.role}`) },
            ]}
          />
          <p>
            <Link to="/records">{t('account.records')}</Link>
          </p>
        </Section>
        <PasswordForm />
      </div>
    </div>
  );
}
