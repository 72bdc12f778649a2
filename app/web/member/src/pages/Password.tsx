import { api, asApiError, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { say } from '../parts/Notice.tsx';
import { ResetForm } from '../parts/ResetForm.tsx';
import { SubPage } from '../parts/SubPage.tsx';
import { passwordFlaw } from '../rules/password.ts';
import { leave, useMe } from '../session.ts';

/** The password of the account: a new one, or the first. */
export default function Password() {
  return useMe().passwordSet ? <Change /> : <First />;
}

/** Who came in by a code may have no password yet; it is set by a code too, and every session ends with it. */
function First() {
  const t = useT();
  return (
    <SubPage title={t('member.password.set')} purpose={t('member.password.setPurpose')} back="/me">
      <ResetForm done={leave} />
    </SubPage>
  );
}

function Change() {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const [, go] = useLocation();
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [shown, setShown] = useState(false);
  const [asked, setAsked] = useState(false);
  const save = useMutation({
    mutationFn: () => take(api.POST('/v1/password:change', { body: { oldPassword: old, newPassword: next } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['sessions'] });
      say(t('member.password.done'));
      go('/me');
    },
  });
  const flaw = passwordFlaw(next, old);
  const refused = save.error ? asApiError(save.error) : null;
  const refusal = (reason: string) => (refused?.reason === reason ? refused.text(locale) : undefined);
  const errors = {
    old: asked && !old ? t('form.required', { label: t('member.password.old') }) : refusal('PASSWORD_WRONG'),
    next: asked && flaw ? t(`member.password.${flaw}`) : (refusal('PASSWORD_WEAK') ?? refusal('PASSWORD_REUSED')),
    again: asked && again !== next ? t('member.password.differ') : undefined,
  };
  const elsewhere = refused && !errors.old && !errors.next ? refused.text(locale) : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (old && !flaw && again === next) save.mutate();
  };
  const type = shown ? 'text' : 'password';
  return (
    <SubPage title={t('member.password.title')} purpose={t('member.password.purpose')} back="/me">
      <form className="form" onSubmit={submit} noValidate>
        <Field
          label={t('member.password.old')}
          value={old}
          change={setOld}
          error={errors.old}
          type={type}
          autoComplete="current-password"
          maxLength={128}
          act={{ label: t('signIn.show'), pressed: shown, run: () => setShown(!shown) }}
        />
        <Field
          label={t('member.password.next')}
          help={t('member.password.nextHelp')}
          value={next}
          change={setNext}
          error={errors.next}
          type={type}
          autoComplete="new-password"
          maxLength={128}
        />
        <Field
          label={t('member.password.again')}
          value={again}
          change={setAgain}
          error={errors.again}
          type={type}
          autoComplete="new-password"
          maxLength={128}
        />
        {elsewhere && (
          <p className="field-error" role="alert">
            {elsewhere}
          </p>
        )}
        <Button type="submit" kind="primary" busy={save.isPending}>
          {t('act.save')}
        </Button>
      </form>
    </SubPage>
  );
}
