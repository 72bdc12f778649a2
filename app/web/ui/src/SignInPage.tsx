import { ApiError, api, asApiError, passkeysHere, type Schemas, signWithPasskey, solving, take } from '@gonghui/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useHref, useNavigate, useSearchParams } from 'react-router';
import { Looks } from './AppShell.tsx';
import { deviceName } from './base/device.ts';
import { dateTime } from './base/format.ts';
import { pick, useLocale, useT } from './base/i18n.ts';
import { Mark } from './base/Mark.tsx';
import { useTheme } from './base/theme.ts';
import { Fault } from './Fault.tsx';
import { useServerForm } from './serverForm.ts';
import { meKey } from './session.tsx';
import { SignInSteps } from './signIn/SignInSteps.tsx';

interface DemoAccount {
  label_zh: string;
  label_en: string;
  phone: string;
  password: string;
  /** Host with port; empty for this one. */
  host: string;
  /** Where the account is at home: "/console/", or "/". */
  path: string;
}

interface Values {
  phone: string;
  password: string;
}

/** Published accounts of a demo system. The route lies outside the proto API: it exists on demo systems only. */
async function demoAccounts(): Promise<DemoAccount[]> {
  const response = await fetch('/v1/demo/accounts', { headers: { 'X-Requested-With': 'gonghui' } });
  if (!response.ok) throw await ApiError.read(response);
  return ((await response.json()) as { accounts: DemoAccount[] }).accounts;
}

/** A path without the slash at its end. */
const plain = (path: string) => path.replace(/\/+$/, '');

/** Only paths of this app: a return address must not lead away. */
function inside(path: string | null): string {
  return path && /^\/(?![/\\])/.test(path) ? path : '/';
}

/** Why the last session on this device is over, in words; empty when there is nothing to say. */
function useSessionEnd(known: string | null): string {
  const t = useT();
  const { data } = useQuery({
    queryKey: ['session-end'],
    queryFn: () => take(api.GET('/v1/session:end')),
    staleTime: 0,
    enabled: !known,
  });
  const why = known ?? data?.why;
  if (!why || !['limit', 'remote', 'password', 'idle', 'expired'].includes(why)) return '';
  const device = deviceName(data?.device ?? '') || t('security.ended.unknown');
  return t(`security.ended.${why}`, { at: data?.at ? dateTime(data.at) : '', device });
}

/** Signing in by phone and password, on the host of one body or of supervision. */
export function SignInPage({ title }: { title: string }) {
  const t = useT();
  const theme = useTheme();
  const [params] = useSearchParams();
  const back = params.get('return');
  const navigate = useNavigate();
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const [working, setWorking] = useState(false);
  const [steps, setSteps] = useState<Schemas['SignInReply'] | null>(null);
  const { fault, refuse, clear } = useServerForm({ form });
  const end = useSessionEnd(params.get('ended'));

  const enter = (me: Schemas['Me']) => {
    client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'theme' });
    client.setQueryData(meKey, me);
    void navigate(inside(back), { replace: true });
  };
  const proceed = (reply: Schemas['SignInReply']) => (reply.me ? enter(reply.me) : setSteps(reply));

  const byPasskey = async () => {
    setBusy(true);
    clear();
    try {
      const question = await take(api.POST('/v1/session:askPasskey', { body: {} }));
      const credential = await signWithPasskey(question.options);
      const body = { passkey: { id: question.id, credential } };
      proceed(await take(api.POST('/v1/session:signInWithPasskey', { body })));
    } catch (thrown) {
      refuse(thrown);
    } finally {
      setBusy(false);
    }
  };

  const signIn = async (values: Values) => {
    setBusy(true);
    clear();
    try {
      proceed(
        await solving((captcha) => take(api.POST('/v1/session:signIn', { body: { ...values, captcha } })), setWorking),
      );
    } catch (thrown) {
      refuse(thrown);
      if (asApiError(thrown).reason === 'SIGN_IN_REFUSED') form.getFieldInstance('password')?.focus();
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="sign-in">
      <div className="sign-in-looks">
        <Looks />
      </div>
      <main className="sign-in-box">
        <div className="sign-in-brand">
          <Mark size={44} />
          <div>
            <h1>{theme.bodyName || t('product')}</h1>
            <p>{title}</p>
          </div>
        </div>
        {steps ? (
          <SignInSteps reply={steps} done={enter} again={() => setSteps(null)} />
        ) : (
          <>
            {end ? (
              <Alert type="warning" showIcon title={end} className="sign-in-end" />
            ) : (
              back && <p className="form-about">{t('signIn.expired')}</p>
            )}
            <Fault fault={fault} />
            <Form<Values> form={form} layout="vertical" onFinish={(values) => void signIn(values)}>
              <Form.Item
                name="phone"
                label={t('signIn.phone')}
                rules={[{ required: true, pattern: /^(\+?86)?[\s-]*1[\d\s-]{10,14}$/, message: t('signIn.phoneBad') }]}
                validateTrigger="onSubmit"
              >
                <Input
                  autoComplete="username"
                  inputMode="tel"
                  autoFocus
                  placeholder={t('signIn.phoneHint')}
                  maxLength={20}
                  size="large"
                />
              </Form.Item>
              <Form.Item
                name="password"
                label={t('signIn.password')}
                rules={[{ required: true, message: t('signIn.passwordMissing') }]}
                validateTrigger="onSubmit"
              >
                <Input.Password autoComplete="current-password" maxLength={128} size="large" />
              </Form.Item>
              <Button type="primary" htmlType="submit" block size="large" loading={busy}>
                {t('signIn.submit')}
              </Button>
              <p className="sign-in-work" role="status">
                {working && t('security.working')}
              </p>
            </Form>
            {passkeysHere() && (
              <Button block size="large" disabled={busy} onClick={() => void byPasskey()}>
                {t('security.passkeyIn')}
              </Button>
            )}
            {theme.demo && (
              <DemoAccounts signIn={({ phone, password }) => void signIn({ phone, password })} busy={busy} />
            )}
          </>
        )}
      </main>
    </div>
  );
}

interface DemoProps {
  signIn: (values: Values) => void;
  busy: boolean;
}

function DemoAccounts({ signIn, busy }: DemoProps) {
  const t = useT();
  const locale = useLocale();
  const { data } = useQuery({
    queryKey: ['demo-accounts'],
    queryFn: demoAccounts,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const app = useHref('/');
  // An account of the member app does not sign in at the console of the same host.
  const here =
    data?.filter((a) => (a.host === '' || a.host === window.location.host) && plain(a.path) === plain(app)) ?? [];
  const elsewhere = data?.filter((a) => !here.includes(a)) ?? [];
  if (!data?.length) return null;
  return (
    <section className="demo" aria-label={t('signIn.demo')}>
      <h2>{t('signIn.demo')}</h2>
      {here.length > 0 && <p>{t('signIn.demoHint')}</p>}
      <ul>
        {here.map((a) => (
          <li key={a.phone + a.host}>
            <Button disabled={busy} onClick={() => signIn({ phone: a.phone, password: a.password })}>
              {pick(locale, a.label_zh, a.label_en)}
            </Button>
          </li>
        ))}
      </ul>
      {elsewhere.length > 0 && (
        <>
          <h3>{t('signIn.demoElsewhere')}</h3>
          <ul>
            {elsewhere.map((a) => (
              <li key={a.phone + a.host}>
                <a href={`//${a.host || window.location.host}${a.path}`}>{pick(locale, a.label_zh, a.label_en)}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
