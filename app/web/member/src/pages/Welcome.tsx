import { api, passkeysHere, type Schemas, signWithPasskey, solving, take } from '@gonghui/api';
import { languageName, Mark, setLocale, useLocale, useT, useTheme } from '@gonghui/ui/base';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { setElder, useElder } from '../elder.ts';
import { Button } from '../parts/Button.tsx';
import { CodeSignIn, type Proof } from '../parts/CodeSignIn.tsx';
import { Field } from '../parts/Field.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { useEntry } from '../parts/useEntry.tsx';
import { phoneNumber } from '../rules/phone.ts';

const DemoAccounts = lazy(() => import('./DemoAccounts.tsx'));
const Claim = lazy(() => import('./Claim.tsx'));
const Ended = lazy(() => import('../parts/Ended.tsx'));

/** The first page of a visitor: whose app this is, and the way in. With `joining` it was reached by the body's poster. */
export function Welcome({ joining }: { joining: boolean }) {
  const t = useT();
  const { appName, bodyName, demo } = useTheme();
  const [proof, setProof] = useState<Proof | null>(null);
  const [byPassword, setByPassword] = useState(false);
  const entry = useEntry();
  const end = useQuery({ queryKey: ['session-end'], queryFn: () => take(api.GET('/v1/session:end')), retry: false });
  if (proof) {
    return (
      <Suspense>
        <Claim proof={proof} back={() => setProof(null)} />
      </Suspense>
    );
  }
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
          <p className="small">{t(joining ? 'member.welcome.join' : 'member.welcome.purpose')}</p>
        </div>
        {end.data?.why && (
          <Suspense>
            <Ended end={end.data} />
          </Suspense>
        )}
        {entry.steps ? (
          entry.steps
        ) : (
          <>
            {byPassword ? <PasswordSignIn come={entry.come} /> : <CodeSignIn claim={setProof} />}
            <div className="welcome-ways">
              <button type="button" className="plain" onClick={() => setByPassword(!byPassword)}>
                {t(byPassword ? 'member.welcome.byCode' : 'member.welcome.byPassword')}
              </button>
              {byPassword && (
                <Link className="plain" href="/reset">
                  {t('member.welcome.forgot')}
                </Link>
              )}
            </div>
            {byPassword && passkeysHere() && <PasskeySignIn come={entry.come} />}
            {demo && (
              <Suspense>
                <Demo come={entry.come} />
              </Suspense>
            )}
          </>
        )}
      </main>
    </div>
  );
}

interface EntryProps {
  /** Takes up the answer of the server. */
  come: (answer: Schemas['SignInReply'], agreed: string) => Promise<void>;
}

function usePassword(come: EntryProps['come']) {
  const [working, setWorking] = useState(false);
  const sign = useMutation({
    mutationFn: async (body: { phone: string; password: string }) => {
      const answer = await solving(
        (captcha) => take(api.POST('/v1/session:signIn', { body: { ...body, captcha } })),
        setWorking,
      );
      await come(answer, '');
    },
  });
  return { ...sign, working };
}

/** The way in by a passkey alone. */
function PasskeySignIn({ come }: EntryProps) {
  const t = useT();
  const sign = useMutation({
    mutationFn: async () => {
      const question = await take(api.POST('/v1/session:askPasskey', { body: {} }));
      const passkey = { id: question.id, credential: await signWithPasskey(question.options) };
      await come(await take(api.POST('/v1/session:signInWithPasskey', { body: { passkey } })), '');
    },
  });
  return (
    <>
      <Refusal error={sign.error} />
      <Button busy={sign.isPending} onClick={() => sign.mutate()}>
        {t('member.welcome.byPasskey')}
      </Button>
    </>
  );
}

function Demo({ come }: EntryProps) {
  const t = useT();
  const sign = usePassword(come);
  return (
    <>
      <DemoAccounts busy={sign.isPending} signIn={(phone, password) => sign.mutate({ phone, password })} />
      <Refusal error={sign.error} />
      <p className="small">{t('member.me.demo')}</p>
    </>
  );
}

function PasswordSignIn({ come }: EntryProps) {
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
