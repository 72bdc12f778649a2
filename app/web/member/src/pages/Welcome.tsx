import { asApiError } from '@gonghui/api';
import { languageName, Mark, setLocale, useLocale, useT, useTheme } from '@gonghui/ui/base';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { setElder, useElder } from '../elder.ts';
import { Field } from '../parts/Field.tsx';
import { phoneNumber } from '../rules/phone.ts';
import { meQuery, signIn } from '../session.ts';

const DemoAccounts = lazy(() => import('./DemoAccounts.tsx'));

/** The first page of a visitor: whose app this is, and the way in. */
export function Welcome() {
  const t = useT();
  const { appName, bodyName, demo } = useTheme();
  return (
    <div className="welcome">
      <header className="welcome-top">
        <ElderSwitch />
        <LanguageSwitch />
      </header>
      <main className="page welcome-main">
        <div className="welcome-head">
          <Mark size={64} />
          <h1>{appName || bodyName}</h1>
          {appName && <p className="welcome-body">{bodyName}</p>}
          <p className="small">{t('member.welcome.purpose')}</p>
        </div>
        <SignInForm demo={demo} />
      </main>
    </div>
  );
}

function SignInForm({ demo }: { demo: boolean }) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const [phone, setPhone] = useState('');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [asked, setAsked] = useState(false);
  const enter = useMutation({
    mutationFn: (entry: { phone: string; password: string }) => signIn(entry.phone, entry.password),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, me),
  });
  const number = phoneNumber(phone);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (number && password) enter.mutate({ phone: number, password });
  };
  const refused = enter.error ? asApiError(enter.error) : null;
  const seconds = Number(refused?.metadata.retry_after);
  return (
    <>
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
        {refused && (
          <p className="field-error" role="alert">
            {seconds > 90 ? t('member.welcome.locked', { minutes: Math.ceil(seconds / 60) }) : refused.text(locale)}
          </p>
        )}
        <Button type="submit" color="primary" block className="target" loading={enter.isPending}>
          {t('signIn.submit')}
        </Button>
      </form>
      <p className="small">{t('member.welcome.help')}</p>
      {demo && (
        <Suspense>
          <DemoAccounts busy={enter.isPending} signIn={(phone, password) => enter.mutate({ phone, password })} />
          <p className="small">{t('member.me.demo')}</p>
        </Suspense>
      )}
    </>
  );
}

function ElderSwitch() {
  const t = useT();
  const elder = useElder();
  return (
    <button type="button" className="plain" onClick={() => setElder(!elder)}>
      {t(elder ? 'member.elder.off' : 'member.elder.on')}
    </button>
  );
}

function LanguageSwitch() {
  const locale = useLocale();
  const other = locale === 'zh' ? 'en' : 'zh';
  return (
    <button type="button" className="plain" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => setLocale(other)}>
      {languageName(other)}
    </button>
  );
}
