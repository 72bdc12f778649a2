import { api, asApiError, createPasskey, passkeysHere, type Schemas, take } from '@gonghui/api';
import { addTexts, useLocale, useT } from '@gonghui/ui/base';
import { securityTexts } from '@gonghui/ui/security-texts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Me } from '../session.ts';
import { Button } from './Button.tsx';
import { Field } from './Field.tsx';
import { type Given, Proof, type Way } from './Proof.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';
import { Refusal } from './Refusal.tsx';
import { TotpSetUp } from './TotpSetUp.tsx';

addTexts(securityTexts);

type Reply = Schemas['SignInReply'];
type Step = Schemas['SignInStep'];

interface Props {
  reply: Reply;
  /** The session is open. */
  done: (me: Me) => void;
  /** Begin the sign-in again. */
  again: () => void;
}

const advance = (ticket: string, { totp, recoveryCode, passkey }: Given, newPassword?: string) =>
  take(api.POST('/v1/session:continue', { body: { ticket, totp, recoveryCode, passkey, newPassword } }));

/** What is left of a sign-in after the first proof, one step after the other. */
export default function Steps({ reply: first, done, again }: Props) {
  const t = useT();
  const [reply, setReply] = useState(first);
  const [kept, setKept] = useState(false);
  const go = (next: Reply) => {
    setReply(next);
    setKept(false);
    if (next.me && next.recoveryCodes.length === 0) done(next.me);
  };
  if (reply.recoveryCodes.length > 0 && !kept) {
    return (
      <section className="panel stack">
        <h2 className="state-title">{t('security.recovery.title')}</h2>
        <RecoveryCodes codes={reply.recoveryCodes} done={() => (reply.me ? done(reply.me) : setKept(true))} />
      </section>
    );
  }
  const { step } = reply;
  if (!step) return null;
  return (
    <section className="stack">
      <h2 className="section-title">{t(`security.step.${step.needs}`)}</h2>
      {step.needs === 'factor' && (
        <Proof
          ways={step.ways as Way[]}
          ask={() => take(api.POST('/v1/session:askPasskey', { body: { ticket: step.ticket } }))}
          prove={async (proof) => go(await advance(step.ticket, proof))}
        />
      )}
      {step.needs === 'set_up' && <SetUp step={step} go={go} />}
      {step.needs === 'password' && <Renew step={step} go={go} />}
      <button type="button" className="plain" onClick={again}>
        {t('security.step.again')}
      </button>
    </section>
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
  const begin = useMutation({
    mutationFn: async (way: 'totp' | 'passkey') => {
      const started = await take(api.POST('/v1/session:setUp', { body: { ticket: step.ticket, way } }));
      if (way === 'totp') return setSecret(started.totp);
      const credential = await createPasskey(started.passkey.options);
      go(await advance(step.ticket, { passkey: { id: started.passkey.id, credential } }));
    },
  });
  if (secret) {
    return <TotpSetUp secret={secret} confirm={async (totp) => go(await advance(step.ticket, { totp }))} />;
  }
  return (
    <>
      <p>{t('security.step.setUpWhy')}</p>
      <Refusal error={begin.error} />
      <Button kind="primary" busy={begin.isPending} onClick={() => begin.mutate('totp')}>
        {t('security.totp.setUp')}
      </Button>
      <p className="small">{t('security.totp.about')}</p>
      <Button busy={begin.isPending} disabled={!passkeysHere()} onClick={() => begin.mutate('passkey')}>
        {t('security.passkeys.add')}
      </Button>
      <p className="small">{t(passkeysHere() ? 'security.passkeys.about' : 'security.way.passkeyNone')}</p>
    </>
  );
}

/** The password is too old: choose another one. */
function Renew({ step, go }: StepProps) {
  const t = useT();
  const locale = useLocale();
  const [next, setNext] = useState('');
  const [shown, setShown] = useState(false);
  const [asked, setAsked] = useState(false);
  const save = useMutation({ mutationFn: async () => go(await advance(step.ticket, {}, next)) });
  const refused = save.error ? asApiError(save.error) : null;
  const unfit =
    refused && ['PASSWORD_WEAK', 'PASSWORD_REUSED'].includes(refused.reason) ? refused.text(locale) : undefined;
  const rules = step.password;
  const short = next.length < rules.minLength ? t('security.password.short', { n: rules.minLength }) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!short) save.mutate();
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <p>{t('security.step.passwordWhy')}</p>
      <Field
        label={t('security.password.next')}
        help={t('security.password.rules', { length: rules.minLength, kinds: rules.kinds })}
        value={next}
        change={setNext}
        error={(asked && short) || unfit}
        type={shown ? 'text' : 'password'}
        autoComplete="new-password"
        maxLength={128}
        act={{ label: t('signIn.show'), pressed: shown, run: () => setShown(!shown) }}
        first
      />
      <Refusal error={unfit ? null : save.error} />
      <Button type="submit" kind="primary" busy={save.isPending}>
        {t('security.password.submit')}
      </Button>
    </form>
  );
}
