import { api, asApiError, passkeysHere, type Schemas, signWithPasskey, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { codeDigits } from '../rules/countdown.ts';
import { Button } from './Button.tsx';
import { CodeField } from './CodeField.tsx';
import { Field } from './Field.tsx';
import { Refusal } from './Refusal.tsx';
import { useCode } from './useCode.ts';

export type Way = 'passkey' | 'totp' | 'recovery' | 'password' | 'code';

/** A proof as the server takes it; one of them. */
export interface Given {
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
  prove: (proof: Given) => Promise<unknown>;
}

const field = { totp: 'totp', recovery: 'recoveryCode', password: 'password', code: 'code' } as const;
const reasons = ['FACTOR_WRONG', 'PASSWORD_WRONG', 'CODE_WRONG'];

/** Proving who one is, in one of the ways that the account has. */
export function Proof({ ways, ask, prove }: Props) {
  const t = useT();
  const locale = useLocale();
  const [way, setWay] = useState<Way>(ways[0] ?? 'totp');
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState(false);
  const request = useCode();
  const give = useMutation({
    mutationFn: async () => {
      if (way !== 'passkey') return prove({ [field[way]]: typed.trim() });
      const question = await ask();
      return prove({ passkey: { id: question.id, credential: await signWithPasskey(question.options) } });
    },
  });
  const refused = give.error ? asApiError(give.error) : null;
  const wrong = refused && reasons.includes(refused.reason) ? refused.text(locale) : undefined;
  const digits = way === 'totp' || way === 'code';
  const flaw =
    way === 'passkey'
      ? undefined
      : digits && typed.length !== 6
        ? t('security.way.totpBad')
        : !typed.trim()
          ? t(`security.way.${way}Bad`)
          : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!flaw) give.mutate();
  };
  const error = (asked && flaw) || wrong;
  return (
    <form className="form" onSubmit={submit} noValidate>
      {way === 'passkey' && <p>{t(passkeysHere() ? 'security.way.passkeyHint' : 'security.way.passkeyNone')}</p>}
      {way === 'totp' && (
        <Field
          key={way}
          label={t('security.way.totp')}
          help={t('security.way.totpHint')}
          value={typed}
          change={(value) => setTyped(codeDigits(value))}
          error={error}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={20}
          first
        />
      )}
      {(way === 'recovery' || way === 'password') && (
        <Field
          key={way}
          label={t(`security.way.${way}`)}
          help={way === 'recovery' ? t('security.way.recoveryHint') : undefined}
          value={typed}
          change={setTyped}
          error={error}
          type={way === 'password' ? 'password' : 'text'}
          autoComplete={way === 'password' ? 'current-password' : 'off'}
          maxLength={128}
          first
        />
      )}
      {way === 'code' && (
        <CodeField
          value={typed}
          change={setTyped}
          error={error}
          left={request.left}
          again={() => request.send({ purpose: 'step_up' })}
          unsent={!request.sent}
          first
        />
      )}
      <Refusal error={wrong ? null : (give.error ?? request.error)} />
      <Button type="submit" kind="primary" busy={give.isPending} disabled={way === 'passkey' && !passkeysHere()}>
        {t(way === 'passkey' ? 'security.way.passkeyUse' : 'security.way.confirm')}
      </Button>
      {ways
        .filter((one) => one !== way)
        .map((one) => (
          <button
            key={one}
            type="button"
            className="plain"
            onClick={() => {
              give.reset();
              setAsked(false);
              setTyped('');
              setWay(one);
            }}
          >
            {t(`security.way.${one}`)}
          </button>
        ))}
    </form>
  );
}

/** What one of the own passkeys has to sign. */
export const askOwn = () => take(api.POST('/v1/own/passkeys:ask', { body: {} }));
