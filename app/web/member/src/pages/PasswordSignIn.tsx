import { useT } from '@gonghui/ui/base';
import { type FormEvent, useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import type { Entry } from '../parts/useEntry.tsx';
import { usePassword } from '../parts/usePassword.ts';
import { phoneNumber } from '../rules/phone.ts';

/** The way in by a password. */
export default function PasswordSignIn({ come }: Pick<Entry, 'come'>) {
  const t = useT();
  const [phone, setPhone] = useState('');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [asked, setAsked] = useState(false);
  const sign = usePassword(come);
  const number = phoneNumber(phone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (number && password) sign.mutate({ phone: number, password });
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Field
        label={t('signIn.phone')}
        help={t('member.welcome.phoneHelp')}
        error={asked && !number ? t('signIn.phoneBad') : undefined}
        value={phone}
        change={setPhone}
        type="tel"
        autoComplete="username"
        maxLength={20}
      />
      <Field
        label={t('signIn.password')}
        error={asked && !password ? t('signIn.passwordMissing') : undefined}
        value={password}
        change={setPassword}
        type={shown ? 'text' : 'password'}
        autoComplete="current-password"
        maxLength={128}
        act={{ label: t('signIn.show'), pressed: shown, run: () => setShown(!shown) }}
      />
      <p className="small" role="status">
        {sign.working && t('member.welcome.working')}
      </p>
      <Refusal error={sign.error} />
      <Button type="submit" kind="primary" busy={sign.isPending}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}
