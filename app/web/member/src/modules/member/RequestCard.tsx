import { api, asApiError, type Schemas, take } from '@gonghui/api';
import { dateTime, useLocale, useT } from '@gonghui/ui/base';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ask } from '../../parts/Ask.tsx';
import { say } from '../../parts/Notice.tsx';
import { worded } from './fields.ts';

const tones: Record<string, string> = { open: 'tag-note', approved: 'tag', refused: 'tag-bad', withdrawn: 'tag-plain' };

/** A request: its state, what was and what should be, and, while it is open, the way to take it back. */
export function RequestCard({ request }: { request: Schemas['ChangeRequest'] }) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const withdraw = useMutation({
    mutationFn: () =>
      take(api.POST('/v1/own/requests/{id}:withdraw', { params: { path: { id: request.id } }, body: {} })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['requests'] });
      say(t('member.request.done'));
    },
    onError: (error) => say(asApiError(error).text(locale)),
    onSettled: () => setAsked(false),
  });
  return (
    <article className="panel request">
      <div className="request-head">
        <span className={`tag ${tones[request.state] ?? ''}`}>{t(`member.request.state.${request.state}`)}</span>
        <span className="small num">{t('member.request.at', { at: dateTime(request.createdAt) })}</span>
      </div>
      <dl className="changes">
        {request.changes.map(({ field, before, after }) => (
          <div key={field}>
            <dt>{t(`member.field.${field}`)}</dt>
            <dd>
              <span className="small">{t('member.request.before')}</span>
              <span className="was">{worded(t, field, before) || t('member.file.none')}</span>
              <span className="small">{t('member.request.after')}</span>
              <strong>{worded(t, field, after) || t('member.file.none')}</strong>
            </dd>
          </div>
        ))}
      </dl>
      {request.note && <p className="small">{t('member.request.note', { note: request.note })}</p>}
      {request.reason && <p>{t('member.request.reason', { reason: request.reason })}</p>}
      {request.decidedAt && (
        <p className="small num">{t('member.request.decided', { at: dateTime(request.decidedAt) })}</p>
      )}
      {request.state === 'open' && (
        <button type="button" className="plain" onClick={() => setAsked(true)}>
          {t('member.request.withdraw')}
        </button>
      )}
      {asked && (
        <Ask
          title={t('member.request.ask')}
          text={t('member.request.askBody')}
          act={t('member.request.withdraw')}
          busy={withdraw.isPending}
          yes={() => withdraw.mutate()}
          no={() => setAsked(false)}
        />
      )}
    </article>
  );
}
