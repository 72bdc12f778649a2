import type { Schemas } from '@gonghui/api';
import { Form, Input } from 'antd';
import { useLocale, useT } from '../base/i18n.ts';
import { sentences } from '../base/sentences.ts';

type Rules = Schemas['PasswordRules'];

/** What a new password must have, in a sentence. */
export function usePasswordRules(rules: Rules | undefined): string {
  const t = useT();
  const locale = useLocale();
  if (!rules) return '';
  const parts = [t('security.password.rules', { length: rules.minLength, kinds: rules.kinds })];
  if (rules.history > 0) parts.push(t('security.password.history', { n: rules.history }));
  return sentences(locale, parts);
}

/** The two fields of a new password: newPassword and again. */
export function NewPassword({ rules }: { rules: Rules | undefined }) {
  const t = useT();
  const hint = usePasswordRules(rules);
  const least = rules?.minLength ?? 8;
  return (
    <>
      <Form.Item
        name="newPassword"
        label={t('security.password.next')}
        extra={hint}
        validateTrigger="onBlur"
        rules={[{ required: true, min: least, message: t('security.password.short', { n: least }) }]}
      >
        <Input.Password autoComplete="new-password" maxLength={128} />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('security.password.again')}
        dependencies={['newPassword']}
        validateTrigger="onBlur"
        rules={[
          ({ getFieldValue }) => ({
            validator: async (_, value) => {
              if (value !== getFieldValue('newPassword')) throw new Error(t('security.password.differ'));
            },
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={128} />
      </Form.Item>
    </>
  );
}
