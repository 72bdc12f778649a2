import { LeftOutlined, RightOutlined, UnorderedListOutlined } from '@ant-design/icons';
import { api, asApiError, take } from '@gonghui/api';
import { Badge, ErrorState, LinkButton, NoRight, PageHead, Section, useCan, useT, useWide } from '@gonghui/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Segmented, Space } from 'antd';
import { useSearchParams } from 'react-router';
import { AnswerBox } from './AnswerBox.tsx';
import { FeedButton } from './FeedButton.tsx';
import { meetingKeys, tones } from './meetings.ts';
import { dayOf, daysOf, type Entry, isAhead, moved, span, stepped, wayTo, weekdays } from './planning.ts';
import './calendar.css';

/** Entries that a day shows in a month; the rest is told by their number. */
const SHOWN = 3;

/** Meetings by month and week. What is looked at stands in the address. */
export function CalendarPage() {
  const t = useT();
  const can = useCan();
  const wide = useWide();
  const [params, setParams] = useSearchParams();
  const view = params.get('view') === 'week' ? 'week' : 'month';
  const today = dayOf(new Date());
  const asked = params.get('day') ?? '';
  const day = /^\d{4}-\d{2}-\d{2}$/.test(asked) && !Number.isNaN(Date.parse(asked)) ? asked : today;
  const whole = params.get('of') === 'all' && can('meeting.read');
  const days = daysOf(view, day);
  const from = days[0] ?? day;
  const to = moved(days.at(-1) ?? day, 1);
  const { data, error, refetch } = useQuery({
    queryKey: [...meetingKeys.list, 'calendar', from, to, whole],
    enabled: can('meeting.join'),
    queryFn: async () => {
      const all: Entry[] = [];
      let pageToken = '';
      do {
        const query = { from, to, whole, pageSize: 500, pageToken };
        const reply = await take(api.GET('/v1/meetings:calendar', { params: { query } }));
        all.push(...reply.entries);
        pageToken = reply.nextPageToken;
      } while (pageToken);
      return all;
    },
    placeholderData: keepPreviousData,
  });
  if (!can('meeting.join')) return <NoRight page what={t('planning.calendar')} />;
  const put = (more: Record<string, string>) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [key, value] of Object.entries(more)) {
          if (value) next.set(key, value);
          else next.delete(key);
        }
        return next;
      },
      { replace: true },
    );
  const of = (one: string) => (data ?? []).filter((entry) => dayOf(entry.startsAt ?? '') === one);
  return (
    <div className="page">
      <PageHead
        title={t('planning.calendar')}
        purpose={t('planning.calendarPurpose')}
        action={
          <Space wrap>
            <LinkButton to="/meetings" icon={<UnorderedListOutlined aria-hidden />}>
              {t('planning.list')}
            </LinkButton>
            <FeedButton />
          </Space>
        }
      />
      <div className="calendar-bar">
        <Space wrap>
          <Button
            icon={<LeftOutlined aria-hidden />}
            aria-label={t('planning.before')}
            onClick={() => put({ day: stepped(view, day, -1) })}
          />
          <Button onClick={() => put({ day: '' })}>{t('planning.today')}</Button>
          <Button
            icon={<RightOutlined aria-hidden />}
            aria-label={t('planning.after')}
            onClick={() => put({ day: stepped(view, day, 1) })}
          />
          <h2 className="calendar-when num">{view === 'month' ? day.slice(0, 7) : `${from} – ${days.at(-1)}`}</h2>
        </Space>
        <Space wrap>
          {can('meeting.read') && (
            <Segmented
              aria-label={t('planning.of')}
              value={whole ? 'all' : 'mine'}
              options={(['mine', 'all'] as const).map((value) => ({ value, label: t(`planning.${value}`) }))}
              onChange={(value) => put({ of: value === 'all' ? 'all' : '' })}
            />
          )}
          <Segmented
            aria-label={t('planning.calendar')}
            value={view}
            options={(['month', 'week'] as const).map((value) => ({ value, label: t(`planning.${value}`) }))}
            onChange={(value) => put({ view: value === 'week' ? 'week' : '' })}
          />
        </Space>
      </div>
      {error && <ErrorState error={asApiError(error)} retry={() => void refetch()} />}
      <div className={`calendar calendar-${view}`}>
        {weekdays.map((name) => (
          <span key={name} className="calendar-name">
            {t(`planning.weekday.${name}`)}
          </span>
        ))}
        {days.map((one) => {
          const entries = of(one);
          const shown = view === 'week' ? entries : entries.slice(0, SHOWN);
          return (
            <button
              key={one}
              type="button"
              className={cellClass(one, day, today, view)}
              aria-current={one === today ? 'date' : undefined}
              aria-pressed={one === day}
              onClick={() => put({ day: one })}
            >
              <span className="unseen">{t('planning.dayN', { day: one, count: entries.length })}</span>
              <span className="calendar-day num">{Number(one.slice(8))}</span>
              {wide ? (
                shown.map((entry) => (
                  <span key={entry.id} className={`calendar-entry calendar-${entry.state}`}>
                    <span className="num">{span(entry).slice(0, 5)}</span> {entry.title}
                  </span>
                ))
              ) : (
                <span className="calendar-dots" aria-hidden>
                  {'•'.repeat(Math.min(entries.length, SHOWN))}
                </span>
              )}
              {wide && entries.length > shown.length && (
                <span className="calendar-rest">{t('planning.more', { count: entries.length - shown.length })}</span>
              )}
            </button>
          );
        })}
      </div>
      <Section title={t('planning.dayOf', { day })}>
        {data && of(day).length === 0 && <p className="quiet">{t('planning.noneOnDay')}</p>}
        <ul className="rows">
          {of(day).map((entry) => (
            <Row key={entry.id} entry={entry} />
          ))}
        </ul>
      </Section>
    </div>
  );
}

function cellClass(one: string, day: string, today: string, view: string) {
  const names = ['calendar-cell'];
  if (one === day) names.push('calendar-on');
  if (one === today) names.push('calendar-today');
  if (view === 'month' && one.slice(0, 7) !== day.slice(0, 7)) names.push('calendar-other');
  return names.join(' ');
}

function Row({ entry }: { entry: Entry }) {
  const t = useT();
  const ahead = isAhead(entry, Date.now());
  return (
    <li className="calendar-row">
      <div className="row-text">
        <span className="row-name">
          {entry.title} <Badge tone={tones[entry.state] ?? 'plain'}>{t(`meetings.states.${entry.state}`)}</Badge>
        </span>
        <span className="row-sub num">
          {[
            span(entry),
            entry.place,
            entry.bodyName && t('planning.from', { body: entry.bodyName }),
            t('planning.hostIs', { name: entry.hostName }),
            entry.repeats && t('planning.repeating'),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
      <Space wrap>
        {ahead && entry.ownRole !== '' && entry.ownRole !== 'host' && <AnswerBox id={entry.id} answer={entry.answer} />}
        {ahead && (
          <Button type="primary" href={wayTo(entry)}>
            {t('planning.enter')}
          </Button>
        )}
        {!entry.bodyCode && <LinkButton to={`/meetings/${entry.id}`}>{t('planning.details')}</LinkButton>}
        {entry.bodyCode && <Button href={`/v1/meetings/${entry.id}/invitation.ics`}>{t('planning.file')}</Button>}
      </Space>
    </li>
  );
}
