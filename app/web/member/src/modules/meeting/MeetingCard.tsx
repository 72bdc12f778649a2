import { api, asApiError, take } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { say } from '../../parts/Notice.tsx';
import { Agenda } from './Agenda.tsx';
import { Enter } from './Enter.tsx';
import { ahead, calendarKeys, type Entry, span } from './entries.ts';
import { Instead } from './Instead.tsx';
import { WhyNot } from './WhyNot.tsx';

const answers = ['yes', 'maybe', 'no', 'substitute'] as const;

interface Answer {
  answer: string;
  note: string;
  identityId: string;
}

/** A meeting: when and whose it is, the way in, and whether the person comes. */
export function MeetingCard({ entry }: { entry: Entry }) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const [asking, setAsking] = useState<'no' | 'substitute' | null>(null);
  const answer = useMutation({
    mutationFn: (body: Answer) =>
      take(
        api.POST('/v1/meetings/{id}:answer', { params: { path: { id: entry.id } }, body: { id: entry.id, ...body } }),
      ),
    onSuccess: async () => {
      await Promise.all(calendarKeys.map((queryKey) => client.invalidateQueries({ queryKey })));
      setAsking(null);
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
        {[span(entry), entry.place, t('member.meetings.host', { name: entry.hostName }), entry.bodyName]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {/* Papers of another union are read in the meeting itself. */}
      {!entry.bodyCode && <Agenda entry={entry} />}
      {asked && (
        <fieldset className="choice">
          <legend>{t(`member.meetings.${entry.answer === 'substitute' ? 'substitute' : 'ask'}`)}</legend>
          <div className="choice-row">
            {answers.map((one) => (
              <label key={one} className="choice-one">
                <input
                  type="radio"
                  name={entry.id}
                  checked={entry.answer === one}
                  onChange={() =>
                    one === 'no' || one === 'substitute'
                      ? setAsking(one)
                      : answer.mutate({ answer: one, note: '', identityId: '' })
                  }
                />
                <span>{t(`member.meetings.answer.${one}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {asking === 'no' && (
        <WhyNot
          busy={answer.isPending}
          say={(note) => answer.mutate({ answer: 'no', note, identityId: '' })}
          close={() => setAsking(null)}
        />
      )}
      {asking === 'substitute' && (
        <Instead
          meeting={entry.id}
          busy={answer.isPending}
          send={(identityId) => answer.mutate({ answer: 'substitute', note: '', identityId })}
          close={() => setAsking(null)}
        />
      )}
    </article>
  );
}
