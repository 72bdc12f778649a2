import { api, take } from '@gonghui/api';
import { FormPage, Section, useT } from '@gonghui/ui';
import { useQueryClient } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { again } from '../../again.ts';
import { keys } from '../../data.ts';

interface Values {
  oldPassword: string;
  newPassword: string;
  again: string;
}

const reasonField = { PASSWORD_WRONG: 'oldPassword', PASSWORD_WEAK: 'newPassword' };

export function PasswordForm() {
  const t = useT();
  const client = useQueryClient();
  return (
    <Section title={t('account.password')} about={t('account.passwordAbout')}>
      <FormPage<Values>
        initial={{ oldPassword: '', newPassword: '', again: '' }}
        reasonField={reasonField}
        submitText={t('account.password')}
        said={t('account.saved')}
        resetAfter
        submit={async ({ oldPassword, newPassword }) => {
          await take(api.POST('/v1/password:change', { body: { oldPassword, newPassword } }));
          await client.invalidateQueries({ queryKey: keys.sessions });
        }}
      >
        <Form.Item
          name="oldPassword"
          label={t('account.old')}
          rules={[{ required: true, message: t('account.oldBad') }]}
        >
          <Input.Password autoComplete="current-password" maxLength={128} />
        </Form.Item>
        <Form.Item
          name="newPassword"
          label={t('account.new')}
          extra={t('invitation.passwordHint')}
          validateTrigger="onBlur"
          rules={[{ required: true, min: 8, message: t('invitation.short') }]}
        >
          <Input.Password autoComplete="new-password" maxLength={128} />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('invitation.again')}
          dependencies={['newPassword']}
          validateTrigger="onBlur"
          rules={[again('newPassword', t('invitation.differ'))]}
        >
          <Input.Password autoComplete="new-password" maxLength={128} />
        </Form.Item>
      </FormPage>
    </Section>
  );
}
