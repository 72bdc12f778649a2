import { api, asApiError, take } from '@gonghui/api';
import { date, useLocale, useT } from '@gonghui/ui/base';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Ask } from '../parts/Ask.tsx';
import { Button } from '../parts/Button.tsx';
import { CodeField } from '../parts/CodeField.tsx';
import { say } from '../parts/Notice.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { SubPage } from '../parts/SubPage.tsx';
import { useCode } from '../parts/useCode.ts';
import { tellShell } from '../phone.ts';
import { leave, useMe } from '../session.ts';

/** All that is kept of the person as a file, and the ways to take consent back and to close the account. */
export default function DataPage() {
  const t = useT();
  return (
    <SubPage title={t('member.data.title')} purpose={t('member.data.purpose')} back="/me">
      <Download />
      <Withdraw />
      <Close />
    </SubPage>
  );
}

/** Who has a file here gets it as well; others get what the platform keeps of them. */
const ownData = (file: boolean): Promise<object> =>
  file ? take(api.GET('/v1/own/export')) : take(api.GET('/v1/own/account'));

function Download() {
  const t = useT();
  const { capabilities } = useMe();
  const load = useMutation({
    mutationFn: () => ownData(capabilities.includes('member.own')),
    onSuccess: (data) => {
      const link = document.createElement('a');
      const blob = new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' });
      link.href = URL.createObjectURL(blob);
      link.download = `${t('member.data.file')}-${date(new Date())}.json`;
      link.click();
      // The browser has taken the file over by the next turn.
      setTimeout(() => URL.revokeObjectURL(link.href), 0);
      say(t('member.data.exported'));
    },
  });
  return (
    <section className="panel stack">
      <h2 className="state-title">{t('member.data.export')}</h2>
      <p className="small">{t('member.data.exportHelp')}</p>
      <Refusal error={load.error} />
      <Button busy={load.isPending} onClick={() => load.mutate()}>
        {t('member.data.export')}
      </Button>
    </section>
  );
}

/** Milliseconds that the app around the page has to take a message up. */
const HEARD = 1500;

function Withdraw() {
  const t = useT();
  const locale = useLocale();
  const [asked, setAsked] = useState(false);
  const withdraw = useMutation({
    mutationFn: () => take(api.POST('/v1/own/consent:withdraw', { body: {} })),
    onSuccess: () => {
      // The app around the page forgets by itself and starts from its own question; one that does not hear goes on here.
      if (tellShell('withdraw-consent')) setTimeout(leave, HEARD);
      else leave();
    },
    onError: (error) => {
      setAsked(false);
      say(asApiError(error).text(locale));
    },
  });
  return (
    <section className="panel stack">
      <h2 className="state-title">{t('member.data.withdraw')}</h2>
      <p className="small">{t('member.data.withdrawHelp')}</p>
      <Button onClick={() => setAsked(true)}>{t('member.data.withdraw')}</Button>
      {asked && (
        <Ask
          title={t('member.data.withdrawAsk')}
          text={t('member.data.withdrawBody')}
          act={t('member.data.withdraw')}
          busy={withdraw.isPending}
          yes={() => withdraw.mutate()}
          no={() => setAsked(false)}
        />
      )}
    </section>
  );
}

function Close() {
  const t = useT();
  const locale = useLocale();
  const me = useMe();
  const [sent, setSent] = useState(false);
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const [asked, setAsked] = useState(false);
  const request = useCode();
  const send = (then?: () => void) => request.send({ purpose: 'close' }, { onSuccess: then });
  const close = useMutation({
    mutationFn: () => take(api.POST('/v1/own/account:close', { body: { code } })),
    onSuccess: leave,
    onError: () => setAsked(false),
  });
  const refused = close.error ? asApiError(close.error) : null;
  const wrong = refused?.reason === 'CODE_WRONG';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (code.length === 6) setAsked(true);
  };
  return (
    <section className="panel stack">
      <h2 className="state-title">{t('member.data.close')}</h2>
      <p className="small">{t('member.data.closeHelp')}</p>
      <p>{t('member.data.what')}</p>
      <ul className="points">
        <li>{t('member.data.wait')}</li>
        <li>{t('member.data.gone')}</li>
        <li>{t('member.data.stays')}</li>
        <li>{t('member.data.law')}</li>
        <li>{t('member.data.back')}</li>
      </ul>
      {sent ? (
        <form className="form" onSubmit={submit} noValidate>
          <p>{t('member.code.sent', { phone: me.phone, minutes: request.minutes })}</p>
          <CodeField
            value={code}
            change={setCode}
            error={tried && code.length < 6 ? t('member.code.bad') : wrong ? refused?.text(locale) : undefined}
            left={request.left}
            again={() => send(() => say(t('member.code.resent')))}
            first
          />
          <Refusal error={wrong ? null : (close.error ?? request.error)} />
          <Button type="submit" kind="danger">
            {t('member.data.enter')}
          </Button>
        </form>
      ) : (
        <>
          <Refusal error={request.error} />
          <Button busy={request.busy} onClick={() => send(() => setSent(true))}>
            {t('member.data.start')}
          </Button>
        </>
      )}
      {asked && (
        <Ask
          title={t('member.data.ask')}
          text={t('member.data.askBody')}
          act={t('member.data.enter')}
          busy={close.isPending}
          yes={() => close.mutate()}
          no={() => setAsked(false)}
        />
      )}
    </section>
  );
}
