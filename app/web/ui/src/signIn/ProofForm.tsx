import { api, asApiError, passkeysHere, type Schemas, signWithPasskey, take } from '@gonghui/api';
import { Button, Form, Input, Space } from 'antd';
import { useState } from 'react';
import { useT } from '../base/i18n.ts';
import { Fault } from '../Fault.tsx';
import { useServerForm } from '../serverForm.ts';
import { useCountdown } from './useCountdown.ts';

export type Way = 'passkey' | 'totp' | 'recovery' | 'password' | 'code';

/** A proof as the server takes it; one of them. */
export interface Proof {
  totp?: string;
  recoveryCode?: string;
  passkey?: Schemas['PasskeyAnswer'];
  password?: string;
  code?: string;
}

interface Props {
  ways: Way[];
  /** What a passkey has to sign. */
  ask: () => Promise<Schemas['PasskeyQuestion']>;
  prove: (proof: Proof) => Promise<unknown>;
  /** Masked phone of the person, where a code can be sent. */
  phone?: string;
}

interface Values {
  totp?: string;
  recoveryCode?: string;
  password?: string;
  code?: string;
}

const fields: Record<Exclude<Way, 'passkey'>, keyof Values> = {
  totp: 'totp',
  recovery: 'recoveryCode',
  password: 'password',
  code: 'code',
};

/** Proving who one is, in one of the ways that the account has. */
export function ProofForm({ ways, ask, prove, phone }: Props) {
  const t = useT();
  const [way, setWay] = useState<Way>(ways[0] ?? 'totp');
  const [busy, setBusy] = useState(false);
  const [until, setUntil] = useState(0);
  const left = useCountdown(until);
  const [form] = Form.useForm<Values>();
  const { fault, refuse, clear } = useServerForm({
    form,
    reasonField:
      way === 'passkey' ? {} : { FACTOR_WRONG: fields[way], PASSWORD_WRONG: fields[way], CODE_WRONG: fields[way] },
  });
  const run = async (act: () => Promise<unknown>) => {
    setBusy(true);
    clear();
    try {
      await act();
    } catch (thrown) {
      refuse(thrown);
    } finally {
      setBusy(false);
    }
  };
  const byPasskey = () =>
    run(async () => {
      const question = await ask();
      await prove({ passkey: { id: question.id, credential: await signWithPasskey(question.options) } });
    });
  const send = () =>
    run(async () => {
      try {
        const { againAfter } = await take(api.POST('/v1/codes:send', { body: { purpose: 'step_up' } }));
        setUntil(Date.now() + againAfter * 1000);
      } catch (thrown) {
        const seconds = Number(asApiError(thrown).metadata.retry_after);
        if (seconds > 0) setUntil(Date.now() + seconds * 1000);
        throw thrown;
      }
    });
  const others = ways.filter((one) => one !== way);
  return (
    <>
      <Fault fault={fault} />
      {way === 'passkey' ? (
        <div className="proof">
          <p className="form-about">{t(passkeysHere() ? 'security.way.passkeyHint' : 'security.way.passkeyNone')}</p>
          <Button
            type="primary"
            block
            size="large"
            autoFocus
            loading={busy}
            disabled={!passkeysHere()}
            onClick={() => void byPasskey()}
          >
            {t('security.way.passkeyUse')}
          </Button>
        </div>
      ) : (
        <Form<Values>
          key={way}
          form={form}
          layout="vertical"
          preserve={false}
          onFinish={(values) => void run(() => prove(values))}
        >
          {way === 'totp' && (
            <Form.Item
              name="totp"
              label={t('security.way.totp')}
              extra={t('security.way.totpHint')}
              normalize={(typed: string) => typed.replace(/\D/g, '').slice(0, 6)}
              rules={[{ required: true, pattern: /^\d{6}$/, message: t('security.way.totpBad') }]}
              validateTrigger="onSubmit"
            >
              <Input inputMode="numeric" autoComplete="one-time-code" autoFocus size="large" className="num" />
            </Form.Item>
          )}
          {way === 'recovery' && (
            <Form.Item
              name="recoveryCode"
              label={t('security.way.recovery')}
              extra={t('security.way.recoveryHint')}
              rules={[{ required: true, message: t('security.way.recoveryBad') }]}
              validateTrigger="onSubmit"
            >
              <Input autoComplete="off" autoFocus size="large" className="num" maxLength={40} />
            </Form.Item>
          )}
          {way === 'password' && (
            <Form.Item
              name="password"
              label={t('security.way.password')}
              rules={[{ required: true, message: t('security.way.passwordBad') }]}
              validateTrigger="onSubmit"
            >
              <Input.Password autoComplete="current-password" autoFocus size="large" maxLength={128} />
            </Form.Item>
          )}
          {way === 'code' && (
            <Form.Item
              label={t('security.way.code')}
              htmlFor="proof-code"
              extra={phone && t('security.way.codeHint', { phone })}
            >
              <Space.Compact block>
                <Form.Item
                  name="code"
                  noStyle
                  normalize={(typed: string) => typed.replace(/\D/g, '').slice(0, 6)}
                  rules={[{ required: true, pattern: /^\d{6}$/, message: t('security.way.totpBad') }]}
                  validateTrigger="onSubmit"
                >
                  <Input id="proof-code" inputMode="numeric" autoComplete="one-time-code" autoFocus size="large" />
                </Form.Item>
                <Button size="large" disabled={left > 0} onClick={() => void send()}>
                  {left > 0 ? t('security.way.codeAgain', { seconds: left }) : t('security.way.codeGet')}
                </Button>
              </Space.Compact>
            </Form.Item>
          )}
          <Button type="primary" htmlType="submit" block size="large" loading={busy}>
            {t('security.way.confirm')}
          </Button>
        </Form>
      )}
      {others.length > 0 && (
        <div className="proof-ways">
          <span>{t('security.step.other')}</span>
          {others.map((one) => (
            <Button
              key={one}
              type="link"
              onClick={() => {
                clear();
                setWay(one);
              }}
            >
              {t(`security.way.${one}`)}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}
