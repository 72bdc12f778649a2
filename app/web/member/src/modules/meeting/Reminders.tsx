import { api, asApiError, type Full, type Schemas, take } from '@gonghui/api';
import { dateTime, useLocale, useT } from '@gonghui/ui/base';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { say } from '../../parts/Notice.tsx';
import { wayTo } from './entries.ts';

type Reminder = Full<Schemas['Reminder']>;

/** Milliseconds between two looks at what is due. */
const LOOK = 60_000;

const key = ['meetings.reminders'];

/** Meetings of which the person is to be reminded: above every page until they are over, or put away. */
export default function Reminders() {
  const { data } = useQuery({
    queryKey: key,
    queryFn: async () => (await take(api.GET('/v1/meetings:reminders'))).reminders,
    refetchInterval: LOOK,
    retry: false,
  });
  return data?.map((one) => <Line key={one.meetingId} one={one} />);
}

function Line({ one }: { one: Reminder }) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const { meetingId: id, title, startsAt, state, bodyName } = one;
  const dismiss = useMutation({
    mutationFn: () => take(api.POST('/v1/meetings/{id}:dismiss', { params: { path: { id } }, body: { id } })),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
    onError: (error) => say(asApiError(error).text(locale)),
  });
  return (
    <section className="reminder" aria-label={t('member.meetings.reminder', { title })}>
      <span className="row-words">
        <strong>{title}</strong>
        <span className="small num">
          {[
            t(`member.meetings.${state === 'live' ? 'going' : 'begins'}`, { at: dateTime(startsAt).slice(5) }),
            bodyName,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      <button
        type="button"
        className="plain"
        disabled={dismiss.isPending}
        aria-label={t('member.meetings.dismissOf', { title })}
        onClick={() => dismiss.mutate()}
      >
        {t('member.meetings.dismiss')}
      </button>
      <a className="button meeting-enter" href={wayTo(one)} aria-label={t('member.meetings.enterOf', { title })}>
        {t('member.meetings.enter')}
      </a>
    </section>
  );
}
