import { useT, useTheme } from '@gonghui/ui/base';
import { type FormEvent, useState } from 'react';
import { Card } from './Card.tsx';
import { wayForPass } from './meeting.ts';

interface Props {
  number: string;
  /** Whether people of other bodies may come; their own body says who they are. */
  bodies?: boolean;
  /** On the host of the person's own body: whose meeting it is. */
  passFor?: string;
}

/** For who must say who they are before they come in. Signing in leads back to the meeting. */
export function SignInPage({ number, bodies = false, passFor = '' }: Props) {
  const t = useT();
  const { bodyCode } = useTheme();
  const [code, setCode] = useState('');
  const [bad, setBad] = useState(false);
  const back = `/meetings/enter/${number}${passFor && `?for=${encodeURIComponent(passFor)}`}`;
  const go = (event: FormEvent) => {
    event.preventDefault();
    const plain = code.trim().toLowerCase();
    if (!/^[0-9a-z-]{1,40}$/.test(plain)) setBad(true);
    else location.assign(wayForPass(plain, number, bodyCode, location));
  };
  return (
    <Card>
      <h1>{t('meet.signIn.title')}</h1>
      <p className="about">{t('meet.signIn.body')}</p>
      <div className="buttons">
        <a className="button main" href={`/console/sign-in?return=${encodeURIComponent(back)}`}>
          {t('meet.signIn.staff')}
        </a>
        <a className="button" href={back}>
          {t('meet.signIn.member')}
        </a>
      </div>
      {bodies && (
        <form onSubmit={go} noValidate className="other">
          <h2>{t('meet.signIn.other')}</h2>
          <p className="about">{t('meet.signIn.otherHint')}</p>
          <div className="field">
            <label htmlFor="code">{t('meet.signIn.code')}</label>
            <input
              id="code"
              className="input"
              autoComplete="off"
              value={code}
              aria-invalid={bad}
              aria-describedby="code-help"
              onChange={(event) => {
                setCode(event.target.value);
                setBad(false);
              }}
            />
            <p id="code-help" className={bad ? 'wrong' : 'help'} role={bad ? 'alert' : undefined}>
              {t(bad ? 'meet.signIn.codeBad' : 'meet.signIn.codeHint')}
            </p>
          </div>
          <button type="submit" className="button wide">
            {t('meet.signIn.go')}
          </button>
        </form>
      )}
    </Card>
  );
}
