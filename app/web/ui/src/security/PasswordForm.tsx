import { api, take } from '@gonghui/api';
import { useQueryClient } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { date } from '../base/format.ts';
import { useLocale, useT } from '../base/i18n.ts';
import { sentences } from '../base/sentences.ts';
import { FormPage } from '../FormPage.tsx';
import { Section } from '../Section.tsx';
import { NewPassword } from '../signIn/NewPassword.tsx';
import { securityKey, sessionsKey, useSecurity } from './queries.ts';

interface Values {
  oldPassword: string;
  newPassword: string;
  again: string;
}

const reasonField = { PASSWORD_WRONG: 'oldPassword', PASSWORD_WEAK: 'newPassword', PASSWORD_REUSED: 'newPassword' };

/** The password of the own account. */
export function PasswordForm() {
  const t = useT();
  const client = useQueryClient();
  const locale = useLocale();
  const { data } = useSecurity();
  const since = data?.passwordAt && t('security.password.since', { at: date(data.passwordAt) });
  const age = !!data?.password.maxAgeDays && t('security.password.age', { n: data.password.maxAgeDays });
  const about = sentences(locale, [t('security.password.about'), since, age]);
  if (data && !data.passwordSet) {
    return (
      <Section title={t('security.password.title')}>
        <p>{t('security.password.none')}</p>
      </Section>
    );
  }
  return (
    <Section title={t('security.password.title')} about={about}>
      <FormPage<Values>
        initial={{ oldPassword: '', newPassword: '', again: '' }}
        reasonField={reasonField}
        submitText={t('security.password.title')}
        said={t('security.password.saved')}
        resetAfter
        submit={async ({ oldPassword, newPassword }) => {
          await take(api.POST('/v1/password:change', { body: { oldPassword, newPassword } }));
          await Promise.all([sessionsKey, securityKey].map((queryKey) => client.invalidateQueries({ queryKey })));
        }}
      >
        <Form.Item
          name="oldPassword"
          label={t('security.password.old')}
          rules={[{ required: true, message: t('security.password.oldBad') }]}
        >
          <Input.Password autoComplete="current-password" maxLength={128} />
        </Form.Item>
        <NewPassword rules={data?.password} />
      </FormPage>
    </Section>
  );
}
