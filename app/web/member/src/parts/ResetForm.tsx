import { api, asApiError, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { passwordFlaw } from '../rules/password.ts';
import { phoneNumber } from '../rules/phone.ts';
import { Button } from './Button.tsx';
import { CodeField } from './CodeField.tsx';
import { Field } from './Field.tsx';
import { say } from './Notice.tsx';
import { Refusal } from './Refusal.tsx';
import { useCode } from './useCode.ts';

/** A new password by a code to the phone: forgotten, or never set. */
export function ResetForm({ done }: { done: () => void }) {
  const t = useT();
  const locale = useLocale();
  const [phone, setPhone] = useState('');
  const [sent, setSent] = useState('');
  const [code, setCode] = useState('');
  const [next, setNext] = useState('');
  const [shown, setShown] = useState(false);
  const [asked, setAsked] = useState(false);
  const request = useCode();
  const reset = useMutation({
    mutationFn: () => take(api.POST('/v1/password:reset', { body: { phone: sent, code, newPassword: next } })),
    onSuccess: done,
  });
  const number = phoneNumber(phone);
  const flaw = passwordFlaw(next, '');
  const refused = reset.error ? asApiError(reset.error) : null;
  const refusal = (reason: string) => (refused?.reason === reason ? refused.text(locale) : undefined);
  const errors = {
    code: asked && code.length < 6 ? t('member.code.bad') : refusal('CODE_WRONG'),
    next: asked && flaw ? t(`member.password.${flaw}`) : (refusal('PASSWORD_WEAK') ?? refusal('PASSWORD_REUSED')),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (sent && code.length === 6 && !flaw) reset.mutate();
    if (!sent && number) {
      request.send(
        { phone: number, purpose: 'reset' },
        {
          onSuccess: () => {
            setAsked(false);
            setSent(number);
          },
        },
      );
    }
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      {sent ? (
        <>
          <p>{t('member.code.sent', { phone: sent, minutes: request.minutes })}</p>
          <CodeField
            value={code}
            change={setCode}
            error={errors.code}
            left={request.left}
            again={() =>
              request.send({ phone: sent, purpose: 'reset' }, { onSuccess: () => say(t('member.code.resent')) })
            }
            first
          />
          <Field
            label={t('member.password.next')}
            help={t('member.password.nextHelp')}
            value={next}
            change={setNext}
            error={errors.next}
            type={shown ? 'text' : 'password'}
            autoComplete="new-password"
            maxLength={128}
            act={{ label: t('signIn.show'), pressed: shown, run: () => setShown(!shown) }}
          />
        </>
      ) : (
        <Field
          label={t('signIn.phone')}
          error={asked && !number ? t('signIn.phoneBad') : undefined}
          value={phone}
          change={setPhone}
          type="tel"
          autoComplete="tel-national"
          maxLength={20}
        />
      )}
      <Refusal error={errors.code || errors.next ? null : (reset.error ?? request.error)} />
      <Button type="submit" kind="primary" busy={request.busy || reset.isPending}>
        {t(sent ? 'member.reset.submit' : 'member.code.get')}
      </Button>
    </form>
  );
}
