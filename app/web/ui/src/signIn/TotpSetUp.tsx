import type { Schemas } from '@gonghui/api';
import { Button, Form, Input, QRCode } from 'antd';
import { useState } from 'react';
import { useT } from '../base/i18n.ts';
import { CopyField } from '../CopyField.tsx';
import { Fault } from '../Fault.tsx';
import { useServerForm } from '../serverForm.ts';

interface Props {
  secret: Schemas['TotpSecret'];
  confirm: (code: string) => Promise<unknown>;
}

const reasonField = { FACTOR_WRONG: 'code' };

/** The secret of an authenticator app as a picture and as text, and the first code that proves it arrived. */
export function TotpSetUp({ secret, confirm }: Props) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [form] = Form.useForm<{ code: string }>();
  const { fault, refuse, clear } = useServerForm({ form, reasonField });
  const submit = async ({ code }: { code: string }) => {
    setBusy(true);
    clear();
    try {
      await confirm(code);
    } catch (thrown) {
      refuse(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p className="form-about">{t('security.totp.scan')}</p>
      <div className="totp-code">
        <QRCode
          type="svg"
          value={secret.url}
          size={188}
          color="#000"
          bgColor="#fff"
          marginSize={2}
          bordered={false}
          aria-label={t('security.totp.qr')}
        />
      </div>
      <details className="totp-hand">
        <summary>{t('security.totp.hand')}</summary>
        <CopyField value={secret.secret} label={t('security.totp.secret')} />
      </details>
      <Fault fault={fault} />
      <Form form={form} layout="vertical" onFinish={(values) => void submit(values)}>
        <Form.Item
          name="code"
          label={t('security.totp.code')}
          normalize={(typed: string) => typed.replace(/\D/g, '').slice(0, 6)}
          rules={[{ required: true, pattern: /^\d{6}$/, message: t('security.way.totpBad') }]}
          validateTrigger="onSubmit"
        >
          <Input inputMode="numeric" autoComplete="one-time-code" size="large" className="num" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block size="large" loading={busy}>
          {t('security.way.confirm')}
        </Button>
      </Form>
    </>
  );
}
