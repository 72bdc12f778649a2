import { api, asApiError, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Field } from '../../parts/Field.tsx';

interface Props {
  meeting: string;
  busy: boolean;
  send: (identityId: string) => void;
  close: () => void;
}

/** Who comes in somebody's place: a colleague is found by the name, then sent for. */
export function Instead({ meeting, busy, send, close }: Props) {
  const t = useT();
  const locale = useLocale();
  const id = useId();
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const [chosen, choose] = useState('');
  const find = useMutation({
    mutationFn: (query: string) =>
      take(api.GET('/v1/meetings/{id}/substitutes', { params: { path: { id: meeting }, query: { query } } })),
    onSuccess: ({ people }) => choose(people.length === 1 ? (people[0]?.identityId ?? '') : ''),
  });
  const people = find.data?.people;
  const empty = missing && !name.trim();
  const nobody = people?.length === 0 ? t('member.meetings.nobody') : undefined;
  const error = empty ? t('member.meetings.needName') : find.error ? asApiError(find.error).text(locale) : nobody;
  return (
    <Dialog labelledBy={id} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen) send(chosen);
          else if (name.trim()) find.mutate(name.trim());
          else setMissing(true);
        }}
      >
        <h2 id={id} className="section-title">
          {t('member.meetings.insteadTitle')}
        </h2>
        <Field
          label={t('member.meetings.insteadName')}
          value={name}
          change={(next) => {
            setName(next);
            choose('');
            find.reset();
          }}
          error={error}
          autoComplete="off"
          maxLength={60}
          first
        />
        {people && people.length > 0 && (
          <fieldset className="choice">
            <legend>{t('member.meetings.insteadWho')}</legend>
            <div className="choice-row choice-column">
              {people.map((one) => (
                <label key={one.identityId} className="choice-one">
                  <input
                    type="radio"
                    name={id}
                    checked={chosen === one.identityId}
                    onChange={() => choose(one.identityId)}
                  />
                  <span>{[one.name, t(`role.${one.role}`)].join(' · ')}</span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
        <div className="ask-acts">
          <Button onClick={close}>{t('act.cancel')}</Button>
          <Button kind="primary" type="submit" busy={busy || find.isPending}>
            {t(chosen ? 'member.meetings.send' : 'member.meetings.find')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
