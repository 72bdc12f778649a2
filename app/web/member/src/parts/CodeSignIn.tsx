import { api, asApiError, solving, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { legalQuery } from '../legal.ts';
import { phoneNumber } from '../rules/phone.ts';
import { Agree } from './Agree.tsx';
import { Button } from './Button.tsx';
import { CodeField } from './CodeField.tsx';
import { Field } from './Field.tsx';
import { say } from './Notice.tsx';
import { Refusal } from './Refusal.tsx';
import { useCode } from './useCode.ts';
import { useEntry } from './useEntry.tsx';

/** A phone that was proved, of somebody who has no place here yet. */
export interface Proof {
  phone: string;
  token: string;
  /** Version of the legal texts that was agreed to. */
  agreed: string;
}

/** The way in by a code: phone and consent first, then the code. */
export function CodeSignIn({ claim }: { claim: (proof: Proof) => void }) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const [phone, setPhone] = useState('');
  const [agreed, setAgreed] = useState(false);
  const [sent, setSent] = useState('');
  const [entering, setEntering] = useState(false);
  const [code, setCode] = useState('');
  const [asked, setAsked] = useState(false);
  const request = useCode();
  const entry = useEntry();
  const sign = useMutation({
    mutationFn: async () => {
      const { version } = await client.fetchQuery(legalQuery('privacy'));
      const answer = await solving((captcha) =>
        take(api.POST('/v1/session:signInWithCode', { body: { phone: sent, code, consent: version, captcha } })),
      );
      if (answer.phoneToken) return claim({ phone: sent, token: answer.phoneToken, agreed: version });
      await entry.come(answer, version);
    },
    onError: (error) => {
      if (asApiError(error).reason !== 'CONSENT_STALE') return;
      client.removeQueries({ queryKey: ['legal'] });
      setAgreed(false);
      setEntering(false);
    },
  });
  const number = phoneNumber(phone);
  const refused = sign.error ? asApiError(sign.error) : null;
  const wrong = refused?.reason === 'CODE_WRONG';

  const ask = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!number || !agreed) return;
    sign.reset();
    const next = () => {
      setAsked(false);
      setCode('');
      setSent(number);
      setEntering(true);
    };
    // The code that was sent a moment ago is still good, and another one may not be asked for yet.
    if (number === sent && request.left > 0) next();
    else request.send({ phone: number, purpose: 'sign_in' }, { onSuccess: next });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (code.length === 6) sign.mutate();
  };
  if (entry.steps) return entry.steps;
  if (!entering) {
    return (
      <form className="form" onSubmit={ask} noValidate>
        <Field
          label={t('signIn.phone')}
          help={t('member.welcome.phoneHelp')}
          error={asked && !number ? t('signIn.phoneBad') : undefined}
          value={phone}
          change={setPhone}
          type="tel"
          autoComplete="tel-national"
          maxLength={20}
        />
        <Agree on={agreed} change={setAgreed} missing={asked && !agreed} />
        <Refusal error={request.error ?? sign.error} />
        <Button type="submit" kind="primary" busy={request.busy}>
          {t('member.code.get')}
        </Button>
      </form>
    );
  }
  return (
    <form className="form" onSubmit={submit} noValidate>
      <p>{t('member.code.sent', { phone: sent, minutes: request.minutes })}</p>
      <CodeField
        value={code}
        change={setCode}
        error={asked && code.length < 6 ? t('member.code.bad') : wrong ? refused?.text(locale) : undefined}
        left={request.left}
        again={() =>
          request.send({ phone: sent, purpose: 'sign_in' }, { onSuccess: () => say(t('member.code.resent')) })
        }
        first
      />
      <Refusal error={wrong ? null : (sign.error ?? request.error)} />
      <Button type="submit" kind="primary" busy={sign.isPending}>
        {t('signIn.submit')}
      </Button>
      <button
        type="button"
        className="plain"
        onClick={() => {
          sign.reset();
          setAsked(false);
          setEntering(false);
        }}
      >
        {t('member.code.other')}
      </button>
    </form>
  );
}
