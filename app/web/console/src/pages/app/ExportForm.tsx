import { FormDrawer, useT } from '@gonghui/ui';
import { Alert, App, Checkbox, Form, Input } from 'antd';
import { download } from '../../transfer.ts';
import type { BodyApp } from './app.ts';

/** Characters of the password at least: the file may lie about for years. */
const LEAST = 12;

interface Values {
  password: string;
  again: string;
  reason: string;
  understood: boolean;
}

/** Hands the signing key out as PKCS #12, under a password that the person chooses. It is on record. */
export function ExportForm({ open, app, close }: { open: boolean; app: BodyApp; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  return (
    <FormDrawer<Values>
      open={open}
      title={t('ownApp.key.exportTitle')}
      about={t('ownApp.key.exportAbout')}
      initial={{ password: '', again: '', reason: '', understood: false }}
      submitText={t('ownApp.key.export')}
      submit={async ({ password, reason }) => {
        await download('/v1/app/key:export', `${app.applicationId}.p12`, { password, reason });
        void message.success(t('ownApp.key.exported'));
      }}
      close={close}
    >
      <Alert type="warning" showIcon title={t('ownApp.key.warning')} />
      <Form.Item
        className="key-password"
        name="password"
        label={t('ownApp.key.password')}
        extra={t('ownApp.key.passwordHelp', { n: LEAST })}
        rules={[{ required: true, min: LEAST, message: t('ownApp.key.passwordBad', { n: LEAST }) }]}
        validateTrigger="onBlur"
      >
        <Input.Password maxLength={64} autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('ownApp.key.again')}
        dependencies={['password']}
        validateTrigger="onBlur"
        rules={[
          { required: true, message: t('ownApp.key.againBad') },
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              !value || value === getFieldValue('password')
                ? Promise.resolve()
                : Promise.reject(new Error(t('ownApp.key.againBad'))),
          }),
        ]}
      >
        <Input.Password maxLength={64} autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('ownApp.key.reason')}
        rules={[{ required: true, whitespace: true, min: 2, message: t('ownApp.key.reasonBad') }]}
        validateTrigger="onBlur"
      >
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="understood"
        valuePropName="checked"
        rules={[
          {
            validator: (_, value) =>
              value ? Promise.resolve() : Promise.reject(new Error(t('ownApp.key.understoodBad'))),
          },
        ]}
      >
        <Checkbox>{t('ownApp.key.understood')}</Checkbox>
      </Form.Item>
    </FormDrawer>
  );
}
