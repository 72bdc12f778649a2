import {
  BankOutlined,
  CalendarOutlined,
  NumberOutlined,
  PlaySquareOutlined,
  ScheduleOutlined,
  VideoCameraOutlined,
} from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import { Badge, dateTime, LinkButton, type ListColumn, ListPage, NoRight, useCan, useDetail, useT } from '@gonghui/ui';
import { Button, Space } from 'antd';
import { useState } from 'react';
import { MeetingDrawer } from './MeetingDrawer.tsx';
import { MeetingForm } from './MeetingForm.tsx';
import { type Meeting, meetingKeys, spaced, tones } from './meetings.ts';

/** Milliseconds between two looks at a list in which somebody meets just now. */
const LIVE = 10_000;

/** The meetings of the body, or those of the person. */
export function MeetingsPage() {
  const t = useT();
  const can = useCan();
  const detail = useDetail('/meetings');
  const [adding, setAdding] = useState<'instant' | 'plan' | null>(null);
  if (!can('meeting.join')) return <NoRight page what={t('meetings.title')} />;
  const holds = can('meeting.host');
  const all = can('meeting.read');
  const columns: ListColumn<Meeting>[] = [
    { key: 'title', title: t('meetings.name'), render: (m) => m.title },
    {
      key: 'when',
      title: t('meetings.when'),
      render: (m) => (
        <span className="num">{t('meetings.span', { at: dateTime(m.startsAt), minutes: m.minutes })}</span>
      ),
    },
    { key: 'host', title: t('meetings.host'), render: (m) => m.hostName },
    {
      key: 'number',
      title: t('meetings.number'),
      phone: 'hide',
      render: (m) => <span className="num">{spaced(m.number)}</span>,
    },
    {
      key: 'open',
      title: t('meetings.openTo'),
      phone: 'hide',
      optional: true,
      render: (m) => t(`meetings.open.${m.openTo}`),
    },
    {
      key: 'state',
      title: t('meetings.state'),
      phone: 'badge',
      render: (m) => (
        <Badge tone={tones[m.state] ?? 'plain'}>
          {m.state === 'live' && m.present > 0
            ? t('meetings.presentN', { count: m.present })
            : t(`meetings.states.${m.state}`)}
        </Badge>
      ),
    },
  ];
  const acts = (
    <Space wrap>
      <LinkButton to="/meetings/calendar" icon={<CalendarOutlined aria-hidden />}>
        {t('planning.calendar')}
      </LinkButton>
      <Button icon={<NumberOutlined aria-hidden />} href="/meet/">
        {t('meetings.join')}
      </Button>
      {holds && (
        <LinkButton to="/meetings/rooms/day" icon={<BankOutlined aria-hidden />}>
          {t('arrange.rooms')}
        </LinkButton>
      )}
      {can('meeting.recordings') && (
        <LinkButton to="/meetings/recordings" icon={<PlaySquareOutlined aria-hidden />}>
          {t('recordings.all')}
        </LinkButton>
      )}
      {holds && (
        <>
          <Button icon={<ScheduleOutlined aria-hidden />} onClick={() => setAdding('plan')}>
            {t('meetings.plan')}
          </Button>
          <Button type="primary" icon={<VideoCameraOutlined aria-hidden />} onClick={() => setAdding('instant')}>
            {t('meetings.instant')}
          </Button>
        </>
      )}
    </Space>
  );
  return (
    <ListPage<Meeting>
      id="meetings"
      title={t('meetings.title')}
      purpose={t('meetings.purpose')}
      action={acts}
      columns={columns}
      filters={[
        { kind: 'search', key: 'q', label: t('meetings.searchLabel'), placeholder: t('meetings.search') },
        {
          kind: 'select',
          key: 'state',
          label: t('meetings.stateFilter'),
          options: [
            { value: '', label: t('meetings.ahead') },
            { value: 'past', label: t('meetings.past') },
          ],
        },
        ...(all
          ? [
              {
                kind: 'select' as const,
                key: 'of',
                label: t('meetings.scope'),
                options: [
                  { value: '', label: t('meetings.whole') },
                  { value: 'own', label: t('meetings.own') },
                ],
              },
            ]
          : []),
        { kind: 'date', key: 'day', label: t('meetings.dayLabel') },
      ]}
      queryKey={[...meetingKeys.list, 'list']}
      load={async ({ filters, pageSize, pageToken }) => {
        const query = { state: filters.state, query: filters.q, day: filters.day, pageSize, pageToken };
        const reply =
          all && filters.of !== 'own'
            ? await take(api.GET('/v1/meetings', { params: { query } }))
            : await take(api.GET('/v1/meetings:own', { params: { query } }));
        return { rows: reply.meetings, next: reply.nextPageToken };
      }}
      live={(rows) => (rows.some((m) => m.state === 'live') ? LIVE : false)}
      rowKey={(m) => m.id}
      href={detail.href}
      open={detail.open}
      empty={{ title: t('meetings.empty'), why: t('meetings.emptyWhy'), action: holds ? acts : undefined }}
    >
      <MeetingDrawer id={detail.id} close={detail.close} />
      <MeetingForm
        target={adding}
        close={() => setAdding(null)}
        made={(meeting, instant) => (instant ? window.location.assign(meeting.page) : detail.open(meeting.id))}
      />
    </ListPage>
  );
}
