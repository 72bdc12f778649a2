import { api, asApiError, take } from '@gonghui/api';
import { Mark, useLocale, useT } from '@gonghui/ui/base';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { legalQuery } from '../legal.ts';
import { Agree } from '../parts/Agree.tsx';
import { Button } from '../parts/Button.tsx';
import { say } from '../parts/Notice.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { begin, meQuery, signOut, useMe } from '../session.ts';

/** The texts have a version that the person has not agreed to: agree, or sign out. */
export default function ConsentDue() {
  const t = useT();
  const locale = useLocale();
  const me = useMe();
  const client = useQueryClient();
  const [agreed, setAgreed] = useState(false);
  const [asked, setAsked] = useState(false);
  const agree = useMutation({
    mutationFn: async () => {
      const { version } = await client.fetchQuery({ ...legalQuery('privacy'), staleTime: 0 });
      await take(api.POST('/v1/own/consent', { body: { version } }));
    },
    onSuccess: () => client.setQueryData(meQuery.queryKey, begin({ ...me, consentDue: false })),
  });
  const out = useMutation({ mutationFn: signOut, onError: (error) => say(asApiError(error).text(locale)) });
  return (
    <main className="page welcome-main">
      <Mark size={64} />
      <h1 className="page-title">{t('member.consent.title')}</h1>
      <p>{t('member.consent.due')}</p>
      <Agree on={agreed} change={setAgreed} missing={asked && !agreed} />
      <Refusal error={agree.error} />
      <Button
        kind="primary"
        busy={agree.isPending}
        onClick={() => {
          setAsked(true);
          if (agreed) agree.mutate();
        }}
      >
        {t('member.consent.agree')}
      </Button>
      <Button busy={out.isPending} onClick={() => out.mutate()}>
        {t('shell.signOut')}
      </Button>
    </main>
  );
}
