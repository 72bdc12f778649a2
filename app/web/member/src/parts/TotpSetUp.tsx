import { asApiError, type Schemas } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { encode } from 'uqr';
import { codeDigits } from '../rules/countdown.ts';
import { qrPath } from '../rules/qr.ts';
import { Button } from './Button.tsx';
import { Field } from './Field.tsx';
import { Refusal } from './Refusal.tsx';

interface Props {
  secret: Schemas['TotpSecret'];
  confirm: (code: string) => Promise<unknown>;
}

/** The secret of an authenticator app as a picture and as text, and the first code that proves it arrived. */
export function TotpSetUp({ secret, confirm }: Props) {
  const t = useT();
  const locale = useLocale();
  const [code, setCode] = useState('');
  const [asked, setAsked] = useState(false);
  const save = useMutation({ mutationFn: () => confirm(code) });
  const refused = save.error ? asApiError(save.error) : null;
  const wrong = refused?.reason === 'FACTOR_WRONG' ? refused.text(locale) : undefined;
  const { data, size } = encode(secret.url, { ecc: 'M', border: 2 });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (code.length === 6) save.mutate();
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <p>{t('security.totp.scan')}</p>
      <svg
        className="totp-code"
        viewBox={`0 0 ${size} ${size}`}
        shapeRendering="crispEdges"
        role="img"
        aria-label={t('security.totp.qr')}
      >
        <path d={qrPath(data)} fill="#000" />
      </svg>
      {/* On the phone that holds the authenticator app there is nothing to scan with: the link opens it. */}
      <a className="button" href={secret.url}>
        {t('member.security.openApp')}
      </a>
      <p className="small">
        {t('security.totp.hand')}
        <span className="totp-secret num">{secret.secret}</span>
      </p>
      <Field
        label={t('security.totp.code')}
        value={code}
        change={(typed) => setCode(codeDigits(typed))}
        error={asked && code.length < 6 ? t('security.way.totpBad') : wrong}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={20}
      />
      <Refusal error={wrong ? null : save.error} />
      <Button type="submit" kind="primary" busy={save.isPending}>
        {t('security.way.confirm')}
      </Button>
    </form>
  );
}
