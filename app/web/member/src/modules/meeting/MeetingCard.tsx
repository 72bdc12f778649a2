import { api, asApiError, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Field } from '../../parts/Field.tsx';
import { say } from '../../parts/Notice.tsx';
import { Enter } from './Enter.tsx';
import { ahead, calendarKeys, type Entry, span } from './entries.ts';

/** What somebody may answer; that another one comes instead is said in the console, where colleagues are found. */
const answers = ['yes', 'maybe', 'no'] as const;

/** A meeting: when and whose it is, the way in, and whether the person comes. */
export function MeetingCard({ entry }: { entry: Entry }) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const [why, setWhy] = useState(false);
  const answer = useMutation({
    mutationFn: (body: { answer: string; note: string }) =>
      take(
        api.POST('/v1/meetings/{id}:answer', { params: { path: { id: entry.id } }, body: { id: entry.id, ...body } }),
      ),
    onSuccess: async () => {
      await Promise.all(calendarKeys.map((queryKey) => client.invalidateQueries({ queryKey })));
      setWhy(false);
      say(t('member.meetings.answered'));
    },
    onError: (error) => say(asApiError(error).text(locale)),
  });
  const asked = entry.ownRole !== 'host' && ahead(entry, Date.now());
  return (
    <article className="panel request">
      <div className="request-head">
        <strong>{entry.title}</strong>
        <Enter entry={entry} />
      </div>
      <p className="small num">
        {[span(entry), t('member.meetings.host', { name: entry.hostName }), entry.bodyName].filter(Boolean).join(' · ')}
      </p>
      {asked && (
        <fieldset className="choice">
          <legend>{entry.answer === 'substitute' ? t('member.meetings.substitute') : t('member.meetings.ask')}</legend>
          <div className="choice-row">
            {answers.map((one) => (
              <label key={one} className="choice-one">
                <input
                  type="radio"
                  name={entry.id}
                  checked={entry.answer === one}
                  onChange={() => (one === 'no' ? setWhy(true) : answer.mutate({ answer: one, note: '' }))}
                />
                <span>{t(`member.meetings.answer.${one}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {why && (
        <WhyNot
          busy={answer.isPending}
          say={(note) => answer.mutate({ answer: 'no', note })}
          close={() => setWhy(false)}
        />
      )}
    </article>
  );
}

function WhyNot({ busy, say: tell, close }: { busy: boolean; say: (note: string) => void; close: () => void }) {
  const t = useT();
  const id = useId();
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  return (
    <Dialog labelledBy={id} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (note.trim()) tell(note.trim());
          else setMissing(true);
        }}
      >
        <h2 id={id} className="section-title">
          {t('member.meetings.whyNot')}
        </h2>
        <Field
          label={t('member.meetings.reason')}
          value={note}
          change={setNote}
          error={missing && !note.trim() ? t('member.meetings.needReason') : undefined}
          autoComplete="off"
          maxLength={160}
          first
        />
        <div className="ask-acts">
          <Button onClick={close}>{t('act.cancel')}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {t('member.meetings.send')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
