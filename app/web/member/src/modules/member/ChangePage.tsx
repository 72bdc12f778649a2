import { api, asApiError, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { codesOf } from '@gonghui/ui/codes';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../../parts/Button.tsx';
import { Failed } from '../../parts/Failed.tsx';
import { Field } from '../../parts/Field.tsx';
import { say } from '../../parts/Notice.tsx';
import { Refusal } from '../../parts/Refusal.tsx';
import { Select } from '../../parts/Select.tsx';
import { SubPage } from '../../parts/SubPage.tsx';
import { Tick } from '../../parts/Tick.tsx';
import { fileQuery, requestsQuery } from '../../queries.ts';
import { phoneNumber } from '../../rules/phone.ts';
import { asWished, changeable, differs, type Wish } from '../../rules/wish.ts';
import { codesIn, type Fields } from './fields.ts';

/** The file as the member would have it. */
export default function ChangePage() {
  const t = useT();
  const file = useQuery(fileQuery());
  return (
    <SubPage title={t('member.change.title')} purpose={t('member.change.purpose')} back="/file">
      {file.data ? (
        <Form file={file.data.fields} />
      ) : file.error ? (
        <Failed error={file.error} retry={() => void file.refetch()} />
      ) : (
        <span className="grey card-grey" />
      )}
    </SubPage>
  );
}

const lengths = { phone: 20, address: 200, employer: 120, job: 60 } as const;

function Form({ file }: { file: Fields }) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const [, go] = useLocation();
  const [wish, setWish] = useState<Wish<Fields>>({});
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState(false);
  const requests = useInfiniteQuery(requestsQuery());
  const open = requests.data?.pages[0]?.requests.some((one) => one.state === 'open');
  const send = useMutation({
    mutationFn: () => {
      const phone = phoneNumber(wish.phone ?? '') ?? '';
      const fields = asWished(file, { ...wish, phone });
      return take(api.POST('/v1/own/requests', { body: { fields, note: note.trim() } }));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['requests'] });
      say(t('member.change.done'));
      go('/file');
    },
  });
  const changed = differs(file, wish);
  const badPhone = !!wish.phone && !phoneNumber(wish.phone);
  const refused = send.error ? asApiError(send.error) : null;
  const wrong = refused?.field.replace(/^fields\./, '');
  const known = changeable.some((name) => name === wrong);
  const error = (name: string) => (wrong === name ? refused?.text(locale) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (changed && !badPhone) send.mutate();
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      {open && <p className="panel warned">{t('member.change.replace')}</p>}
      {changeable.map((name) => {
        const label = t(`member.field.${name}`);
        if (name === 'migrant') {
          const on = wish.migrant ?? file.migrant;
          return <Tick key={name} label={label} on={on} change={(migrant) => setWish({ ...wish, migrant })} />;
        }
        const value = wish[name] ?? (name === 'phone' ? '' : file[name]);
        const change = (typed: string) => setWish({ ...wish, [name]: typed });
        if (name in lengths) {
          const phone = name === 'phone';
          return (
            <Field
              key={name}
              label={label}
              value={value}
              change={change}
              help={phone && file.phone ? t('member.change.phoneHelp', { phone: file.phone }) : undefined}
              error={phone && asked && badPhone ? t('member.change.phoneBad') : error(name)}
              type={phone ? 'tel' : 'text'}
              autoComplete="off"
              maxLength={lengths[name as keyof typeof lengths]}
            />
          );
        }
        const list = codesIn[name as keyof typeof codesIn];
        return (
          <Select
            key={name}
            label={label}
            value={value}
            change={change}
            options={codesOf(list).map((code) => ({ value: code, text: t(`code.${list}.${code}`) }))}
            empty={t('member.change.choose')}
          />
        );
      })}
      <Field
        label={t('member.change.note')}
        help={t('member.change.noteHelp')}
        value={note}
        change={setNote}
        error={error('note')}
        autoComplete="off"
        maxLength={200}
      />
      {asked && !changed && (
        <p className="field-error" role="alert">
          {t('member.change.nothing')}
        </p>
      )}
      <Refusal error={known || wrong === 'note' ? null : send.error} />
      <Button type="submit" kind="primary" busy={send.isPending}>
        {t('member.change.submit')}
      </Button>
    </form>
  );
}
