import { api, asApiError, take } from '@gonghui/api';
import { addTexts, dateTime, useLocale, useT } from '@gonghui/ui/base';
import { codesOf, codeTexts } from '@gonghui/ui/codes';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../parts/Button.tsx';
import type { Proof } from '../parts/CodeSignIn.tsx';
import { Field } from '../parts/Field.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { Select } from '../parts/Select.tsx';
import { useEntry } from '../parts/useEntry.tsx';

addTexts(codeTexts);

/** A citizen ID as typed, without blanks and with a capital X. */
const plain = (typed: string) => typed.normalize('NFKC').replace(/\s/g, '').toUpperCase();

/** Somebody whose phone is proved claims the file that the body keeps of them. */
export default function Claim({ proof, back }: { proof: Proof; back: () => void }) {
  const t = useT();
  const locale = useLocale();
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [kind, setKind] = useState('citizen_id');
  const [number, setNumber] = useState('');
  const [asked, setAsked] = useState(false);
  const entry = useEntry(() => go('/', { replace: true }));
  // While the answer to a second look is on its way, the first one stays on screen.
  const [told, setTold] = useState<unknown>(null);
  const claim = useMutation({
    mutationFn: async (again: boolean) => {
      const body = { phoneToken: proof.token, name: name.trim(), idKind: kind, idNumber: plain(number), again };
      await entry.come(await take(api.POST('/v1/own/member:claim', { body })), proof.agreed);
    },
    onError: setTold,
  });
  const flaw = !number.trim()
    ? t('member.claim.numberBad')
    : kind === 'citizen_id' && plain(number).length !== 18
      ? t('member.claim.citizenBad')
      : undefined;
  const answer = claim.error ?? (claim.isPending ? told : null);
  const refused = answer ? asApiError(answer) : null;
  const lapsed = refused?.reason === 'PHONE_TOKEN_INVALID';
  const unfit = refused?.reason === 'CLAIM_REFUSED';
  const pending = refused?.reason === 'CLAIM_PENDING';
  const declined = refused?.reason === 'CLAIM_DECLINED';
  const field = (of: string) => (refused?.field === of ? refused.text(locale) : undefined);
  const shown = { name: field('name'), number: field('idNumber') };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (name.trim() && !flaw) claim.mutate(false);
  };
  if (entry.steps) return <main className="page welcome-main">{entry.steps}</main>;
  if (pending) {
    return (
      <main className="page welcome-main">
        <h1 className="page-title">{t('member.claim.pendingTitle')}</h1>
        <div className="panel" role="status">
          <p>{t('member.claim.pending', { phone: proof.phone })}</p>
          <p className="quiet">{t('member.claim.pendingSince', { at: dateTime(refused.metadata.since) })}</p>
        </div>
        <Button kind="primary" busy={claim.isPending} onClick={() => claim.mutate(false)}>
          {t('member.claim.look')}
        </Button>
        <button type="button" className="plain" onClick={back}>
          {t('member.claim.done')}
        </button>
      </main>
    );
  }
  return (
    <main className="page welcome-main">
      <h1 className="page-title">{t('member.claim.title')}</h1>
      <p>{t('member.claim.purpose', { phone: proof.phone })}</p>
      <form className="form" onSubmit={submit} noValidate>
        <Field
          label={t('member.claim.name')}
          value={name}
          change={setName}
          error={asked && !name.trim() ? t('form.required', { label: t('member.claim.name') }) : shown.name}
          autoComplete="name"
          maxLength={60}
        />
        <Select
          label={t('member.claim.kind')}
          value={kind}
          change={setKind}
          options={codesOf('idKind').map((value) => ({ value, text: t(`code.idKind.${value}`) }))}
        />
        <Field
          label={t('member.claim.number')}
          value={number}
          change={setNumber}
          error={(asked && flaw) || shown.number}
          autoComplete="off"
          maxLength={30}
        />
        {unfit && (
          <div className="panel warned" role="alert">
            <h2 className="state-title">{t('member.claim.refusedTitle')}</h2>
            <p>{t('member.claim.refused')}</p>
          </div>
        )}
        {declined && (
          <div className="panel warned" role="alert">
            <h2 className="state-title">{t('member.claim.declinedTitle')}</h2>
            <p>{t('member.claim.declined', { reason: refused.metadata.reason ?? '' })}</p>
            <Button busy={claim.isPending} onClick={() => claim.mutate(true)}>
              {t('member.claim.again')}
            </Button>
          </div>
        )}
        {lapsed ? (
          <>
            <p className="field-error" role="alert">
              {t('member.claim.lapsed')}
            </p>
            <Button kind="primary" onClick={back}>
              {t('member.claim.back')}
            </Button>
          </>
        ) : (
          <>
            <Refusal error={unfit || declined || shown.name || shown.number ? null : claim.error} />
            <Button type="submit" kind="primary" busy={claim.isPending}>
              {t('member.claim.submit')}
            </Button>
            <button type="button" className="plain" onClick={back}>
              {t('member.code.other')}
            </button>
          </>
        )}
      </form>
    </main>
  );
}
