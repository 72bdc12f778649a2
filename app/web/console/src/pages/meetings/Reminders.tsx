import { api, type Full, type Schemas, take } from '@gonghui/api';
import { dateTime, useAct, useCan, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useLocation } from 'react-router';
import { meetingKeys } from './meetings.ts';
import { wayTo } from './planning.ts';

type Reminder = Full<Schemas['Reminder']>;

/** Milliseconds between two looks at what is due. */
const LOOK = 60_000;

const key = [...meetingKeys.list, 'reminders'];

/** Meetings of which the person is to be reminded: on every page until they are over, or put away. */
export function Reminders() {
  const can = useCan();
  const { pathname } = useLocation();
  const { data } = useQuery({
    queryKey: key,
    enabled: can('meeting.join'),
    queryFn: async () => (await take(api.GET('/v1/meetings:reminders'))).reminders,
    refetchInterval: LOOK,
  });
  // On the way into a meeting nothing stands before it.
  if (pathname.startsWith('/meetings/enter/')) return null;
  return data?.map((one) => <Line key={one.meetingId} one={one} />);
}

function Line({ one }: { one: Reminder }) {
  const t = useT();
  const dismiss = useAct({
    run: ({ meetingId: id }: Reminder) =>
      take(api.POST('/v1/meetings/{id}:dismiss', { params: { path: { id } }, body: { id } })),
    refresh: [key],
  });
  const { title, number, bodyCode, bodyName, startsAt, state } = one;
  return (
    <section className="assistance reminder" aria-label={t('arrange.reminder', { title })}>
      <strong>{title}</strong>
      <span className="assistance-text num">
        {[t(state === 'live' ? 'arrange.going' : 'arrange.begins', { at: dateTime(startsAt) }), bodyName]
          .filter(Boolean)
          .join(' · ')}
      </span>
      <Button size="small" type="primary" href={wayTo({ number, bodyCode })}>
        {t('planning.enter')}
      </Button>
      <Button
        size="small"
        loading={dismiss.isPending}
        aria-label={t('arrange.dismissOf', { title })}
        onClick={() => dismiss.mutate(one)}
      >
        {t('arrange.dismiss')}
      </Button>
    </section>
  );
}
