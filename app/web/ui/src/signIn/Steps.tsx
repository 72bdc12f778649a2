import { api, createPasskey, passkeysHere, type Schemas, take } from '@gonghui/api';
import { Button, Form } from 'antd';
import { useState } from 'react';
import { useT } from '../base/i18n.ts';
import { Fault } from '../Fault.tsx';
import { useServerForm } from '../serverForm.ts';
import { NewPassword } from './NewPassword.tsx';
import { type Proof, ProofForm, type Way } from './ProofForm.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';
import { TotpSetUp } from './TotpSetUp.tsx';

export type Reply = Schemas['SignInReply'];
type Step = Schemas['SignInStep'];

interface Props {
  reply: Reply;
  /** The session is open. */
  done: (me: Schemas['Me']) => void;
  /** Begin the sign-in again. */
  again: () => void;
}

const advance = (ticket: string, body: Omit<Proof, 'password' | 'code'> & { newPassword?: string }) =>
  take(api.POST('/v1/session:continue', { body: { ticket, ...body } }));

/** What is left of a sign-in after the first proof, one step after the other. */
export default function Steps({ reply: first, done, again }: Props) {
  const t = useT();
  const [reply, setReply] = useState(first);
  const [kept, setKept] = useState(false);
  const go = (next: Reply) => {
    setReply(next);
    setKept(false);
    if (next.me && !next.recoveryCodes?.length) done(next.me);
  };
  if (reply.recoveryCodes?.length && !kept) {
    return (
      <>
        <h2 className="step-title">{t('security.recovery.title')}</h2>
        <RecoveryCodes codes={reply.recoveryCodes} done={() => (reply.me ? done(reply.me) : setKept(true))} />
      </>
    );
  }
  const { step } = reply;
  if (!step) return null;
  return (
    <>
      <h2 className="step-title">{t(`security.step.${step.needs}`)}</h2>
      {step.needs === 'factor' && (
        <ProofForm
          ways={step.ways as Way[]}
          ask={() => take(api.POST('/v1/session:askPasskey', { body: { ticket: step.ticket } }))}
          prove={async (proof) => go(await advance(step.ticket, proof))}
        />
      )}
      {step.needs === 'set_up' && <SetUp step={step} go={go} />}
      {step.needs === 'password' && <Renew step={step} go={go} />}
      <Button type="link" className="step-again" onClick={again}>
        {t('security.step.again')}
      </Button>
    </>
  );
}

interface StepProps {
  step: Step;
  go: (reply: Reply) => void;
}

/** A second factor is demanded and there is none: choose one and set it up. */
function SetUp({ step, go }: StepProps) {
  const t = useT();
  const [secret, setSecret] = useState<Schemas['TotpSecret'] | null>(null);
  const [busy, setBusy] = useState('');
  const [form] = Form.useForm();
  const { fault, refuse, clear } = useServerForm({ form });
  const begin = async (way: 'totp' | 'passkey') => {
    setBusy(way);
    clear();
    try {
      const started = await take(api.POST('/v1/session:setUp', { body: { ticket: step.ticket, way } }));
      if (way === 'totp') return setSecret(started.totp);
      const credential = await createPasskey(started.passkey.options);
      go(await advance(step.ticket, { passkey: { id: started.passkey.id, credential } }));
    } catch (thrown) {
      refuse(thrown);
    } finally {
      setBusy('');
    }
  };
  if (secret) {
    return <TotpSetUp secret={secret} confirm={async (totp) => go(await advance(step.ticket, { totp }))} />;
  }
  return (
    <div>
      <p className="form-about">{t('security.step.setUpWhy')}</p>
      <Fault fault={fault} />
      <div className="set-up-ways">
        <div>
          <Button type="primary" block size="large" loading={busy === 'totp'} onClick={() => void begin('totp')}>
            {t('security.totp.setUp')}
          </Button>
          <p>{t('security.totp.about')}</p>
        </div>
        <div>
          <Button
            block
            size="large"
            disabled={!passkeysHere()}
            loading={busy === 'passkey'}
            onClick={() => void begin('passkey')}
          >
            {t('security.passkeys.add')}
          </Button>
          <p>{t(passkeysHere() ? 'security.passkeys.about' : 'security.way.passkeyNone')}</p>
        </div>
      </div>
    </div>
  );
}

interface Values {
  newPassword: string;
  again: string;
}

const reasonField = { PASSWORD_WEAK: 'newPassword', PASSWORD_REUSED: 'newPassword' };

/** The password is too old: choose another one. */
function Renew({ step, go }: StepProps) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [form] = Form.useForm<Values>();
  const { fault, refuse, clear } = useServerForm({ form, reasonField });
  const submit = async ({ newPassword }: Values) => {
    setBusy(true);
    clear();
    try {
      go(await advance(step.ticket, { newPassword }));
    } catch (thrown) {
      refuse(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p className="form-about">{t('security.step.passwordWhy')}</p>
      <Fault fault={fault} />
      <Form<Values> form={form} layout="vertical" onFinish={(values) => void submit(values)}>
        <NewPassword rules={step.password} />
        <Button type="primary" htmlType="submit" block size="large" loading={busy}>
          {t('security.password.submit')}
        </Button>
      </Form>
    </>
  );
}
