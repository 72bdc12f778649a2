import { Facts, Section, useMe, useT } from '@gonghui/ui';
import { PasswordForm } from './PasswordForm.tsx';
import { Sessions } from './Sessions.tsx';

/** The signed-in person's own account. */
export function AccountTab() {
  const t = useT();
  const me = useMe();
  return (
    <div className="two-columns">
      <Sessions />
      <div>
        <Section title={t('account.me')}>
          <Facts
            items={[
              { label: t('account.name'), value: me.name },
              { label: t('account.phone'), value: me.phone },
              { label: t('account.role'), value: t(`role.${me.place.role}`) },
            ]}
          />
        </Section>
        <PasswordForm />
      </div>
    </div>
  );
}
