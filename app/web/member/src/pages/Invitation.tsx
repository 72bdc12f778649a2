import { api, asApiError, take } from '@gonghui/api';
import { dateTime, Mark, useLocale, useT } from '@gonghui/ui/base';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { legalQuery } from '../legal.ts';
import { Agree } from '../parts/Agree.tsx';
import { Button } from '../parts/Button.tsx';
import { CodeField } from '../parts/CodeField.tsx';
import { Loading } from '../parts/Loading.tsx';
import { say } from '../parts/Notice.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { useCode } from '../parts/useCode.ts';
import { useEntry } from '../parts/useEntry.tsx';

/** The link of an invitation: whom it invites and where to, then a code to the invited phone, and in. */
export default function Invitation({ token }: { token: string }) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const [, go] = useLocation();
  const [agreed, setAgreed] = useState(false);
  const [sent, setSent] = useState(false);
  const [code, setCode] = useState('');
  const [asked, setAsked] = useState(false);
  const request = useCode();
  const card = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => take(api.POST('/v1/invitations:open', { body: { token } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const entry = useEntry(() => go('/', { replace: true }));
  const accept = useMutation({
    mutationFn: async () => {
      const { version } = await client.fetchQuery(legalQuery('privacy'));
      await entry.come(await take(api.POST('/v1/invitations:accept', { body: { token, code } })), version);
    },
  });
  if (card.isPending) return <Loading />;
  if (!card.data) {
    return (
      <main className="page welcome-main">
        <Mark size={64} />
        <div className="state">
          <h1 className="state-title">{asApiError(card.error).text(locale)}</h1>
          <Link className="button" href="/">
            {t('member.join.signIn')}
          </Link>
        </div>
      </main>
    );
  }
  if (entry.steps) return <main className="page welcome-main">{entry.steps}</main>;
  const refused = accept.error ? asApiError(accept.error) : null;
  const wrong = refused?.reason === 'CODE_WRONG';
  const wanted = { purpose: 'invitation', token } as const;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (sent && code.length === 6) accept.mutate();
    if (!sent && agreed) {
      request.send(wanted, {
        onSuccess: () => {
          setAsked(false);
          setSent(true);
        },
      });
    }
  };
  return (
    <main className="page welcome-main">
      <Mark size={64} />
      <h1 className="page-title">{t('member.join.title', { body: card.data.bodyName })}</h1>
      <section className="panel">
        <p className="small">{t('member.join.for')}</p>
        <p className="who-name">{card.data.name}</p>
        <p className="num">{card.data.phone}</p>
        <p className="small num">{t('member.join.expires', { at: dateTime(card.data.expiresAt) })}</p>
      </section>
      <form className="form" onSubmit={submit} noValidate>
        {sent ? (
          <>
            <p>{t('member.code.sent', { phone: card.data.phone, minutes: request.minutes })}</p>
            <CodeField
              value={code}
              change={setCode}
              error={asked && code.length < 6 ? t('member.code.bad') : wrong ? refused?.text(locale) : undefined}
              left={request.left}
              again={() => request.send(wanted, { onSuccess: () => say(t('member.code.resent')) })}
              first
            />
          </>
        ) : (
          <Agree on={agreed} change={setAgreed} missing={asked && !agreed} />
        )}
        <Refusal error={wrong ? null : (accept.error ?? request.error)} />
        <Button type="submit" kind="primary" busy={request.busy || accept.isPending}>
          {t(sent ? 'member.join.enter' : 'member.join.send')}
        </Button>
      </form>
    </main>
  );
}
