import { VideoCameraOutlined } from '@ant-design/icons';
import { api, asApiError, take } from '@gonghui/api';
import { Badge, CopyField, DetailDrawer, dateTime, Facts, fileSize, type T, useAct, useT } from '@gonghui/ui';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { AgendaSection } from './AgendaSection.tsx';
import { AnswerBox } from './AnswerBox.tsx';
import { Answers } from './Answers.tsx';
import { paperPage } from './agenda.ts';
import { arrangedFacts } from './arrange.ts';
import { MeetingForm } from './MeetingForm.tsx';
import { Minutes } from './Minutes.tsx';
import { invitation, type Meeting, meetingKeys, spaced, tones, useMeeting } from './meetings.ts';
import { dayOf, moved } from './planning.ts';
import { QualityLine } from './QualityLine.tsx';
import { Recordings } from './Recordings.tsx';
import { VotesSection } from './VotesSection.tsx';

/** One meeting: how to get in, how it is planned, who came, what was written. */
export function MeetingDrawer({ id, close }: { id: string | null; close: () => void }) {
  const t = useT();
  const { data: meeting, error, isPending, refetch } = useMeeting(id);
  const ahead = meeting?.state === 'planned' || meeting?.state === 'live';
  const named = (cohost: boolean) =>
    meeting?.invitees
      .filter((one) => (one.role === 'cohost') === cohost)
      .map((one) => one.name)
      .join(t('meetings.joinSep'));
  const onOff = (on: boolean) => t(on ? 'meetings.on' : 'meetings.off');
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      loading={isPending}
      error={error && asApiError(error)}
      retry={() => void refetch()}
      title={meeting?.title}
      badge={meeting && <Badge tone={tones[meeting.state] ?? 'plain'}>{t(`meetings.states.${meeting.state}`)}</Badge>}
      subtitle={meeting && t('meetings.span', { at: dateTime(meeting.startsAt), minutes: meeting.minutes })}
      acts={meeting && ahead && <Acts meeting={meeting} />}
    >
      {meeting && (
        <>
          {ahead && (
            <>
              <h3 className="detail-section">{t('meetings.link')}</h3>
              <CopyField value={meeting.page} label={t('meetings.link')} />
              <p className="quiet">{t('meetings.linkHint')}</p>
              {meeting.link && (
                <>
                  <h3 className="detail-section">{t('meetings.guestLink')}</h3>
                  <CopyField value={meeting.link} label={t('meetings.guestLink')} />
                  <p className="quiet">{t('meetings.guestHint')}</p>
                </>
              )}
            </>
          )}
          <h3 className="detail-section">{t('meetings.facts')}</h3>
          <Facts
            items={[
              { label: t('meetings.number'), value: <span className="num">{spaced(meeting.number)}</span> },
              { label: t('meetings.host'), value: meeting.hostName },
              { label: t('meetings.openTo'), value: t(`meetings.open.${meeting.openTo}`) },
              {
                label: t('meetings.password'),
                value: meeting.password || (meeting.hasPassword ? t('meetings.on') : t('meetings.none')),
              },
              ...arrangedFacts(meeting, t),
              { label: t('meetings.waitingRoom'), value: onOff(meeting.waitingRoom) },
              { label: t('meetings.audience'), value: onOff(meeting.audience) },
              { label: t('meetings.watermark'), value: onOff(meeting.watermark) },
              { label: t('meetings.cohosts'), value: named(true), wide: true },
              { label: t('meetings.invitees'), value: named(false), wide: true },
              ...(meeting.targets.length > 0
                ? [{ label: t('planning.invited'), value: reach(meeting, t), wide: true }]
                : []),
              ...(meeting.series
                ? [
                    {
                      label: t('planning.seriesFact'),
                      value: t('planning.seriesOf', { place: meeting.series.place, times: meeting.series.times }),
                    },
                  ]
                : []),
            ]}
          />
          {ahead && meeting.ownRole !== '' && meeting.ownRole !== 'host' && (
            <>
              <h3 className="detail-section">{t('planning.answerAsk')}</h3>
              <OwnAnswer meeting={meeting} />
            </>
          )}
          <AgendaSection meeting={meeting} />
          <Answers id={meeting.id} />
          {meeting.state !== 'planned' && meeting.state !== 'cancelled' && (
            <>
              <Recordings meeting={meeting.id} />
              <Minutes id={meeting.id} />
              <Attendance id={meeting.id} />
              <VotesSection id={meeting.id} />
              <Messages id={meeting.id} />
            </>
          )}
        </>
      )}
    </DetailDrawer>
  );
}

/** Groups and bodies, and how many of the latter have been told. */
const reach = (meeting: Meeting, t: T) =>
  meeting.targets
    .map((one) => (one.kind === 'group' ? one.name : t('planning.told', { name: one.name, count: one.told })))
    .join(t('meetings.joinSep'));

/** What the person has answered stands in the own calendar. */
function OwnAnswer({ meeting }: { meeting: Meeting }) {
  const day = dayOf(meeting.startsAt);
  const { data } = useQuery({
    queryKey: [...meetingKeys.list, 'calendar', day, 'own'],
    queryFn: () =>
      take(api.GET('/v1/meetings:calendar', { params: { query: { from: day, to: moved(day, 1), pageSize: 500 } } })),
  });
  return <AnswerBox id={meeting.id} answer={data?.entries.find((one) => one.id === meeting.id)?.answer ?? ''} />;
}

function Acts({ meeting }: { meeting: Meeting }) {
  const t = useT();
  const { modal, message } = App.useApp();
  const [editing, setEditing] = useState(false);
  const { id, title, page, state, present } = meeting;
  const path = { id };
  const cancel = useAct({
    run: (following: boolean) =>
      take(api.POST('/v1/meetings/{id}:cancel', { params: { path }, body: { id, following } })),
    refresh: [meetingKeys.list],
    said: t('meetings.cancelled'),
  });
  const end = useAct({
    run: () => take(api.POST('/v1/meetings/{id}:end', { params: { path }, body: path })),
    refresh: [meetingKeys.list],
    said: t('meetings.ended'),
  });
  const ask = (question: string, content: string, okText: string, run: () => Promise<unknown>) =>
    void modal.confirm({
      title: question,
      content,
      okText,
      okButtonProps: { danger: true },
      cancelText: t('act.cancel'),
      onOk: () => run().catch(() => undefined),
    });
  const copy = () =>
    void navigator.clipboard
      ?.writeText(invitation(meeting, t))
      .then(() => message.success(t('meetings.copied')))
      .catch(() => message.info(t('copy.hand')));
  const planned = state === 'planned';
  return (
    <>
      <Button type="primary" icon={<VideoCameraOutlined aria-hidden />} href={page}>
        {t(planned && meeting.ownRole === 'host' ? 'meetings.begin' : 'meetings.enter')}
      </Button>
      <Button onClick={copy}>{t('meetings.copyAll')}</Button>
      <Button href={`/v1/meetings/${id}/invitation.ics`}>{t('planning.file')}</Button>
      {meeting.mayManage && <Button onClick={() => setEditing(true)}>{t('meetings.edit')}</Button>}
      {meeting.mayManage && planned && (
        <Button
          danger
          onClick={() =>
            ask(t('meetings.cancelAsk', { title }), t('meetings.cancelHint'), t('meetings.cancel'), () =>
              cancel.mutateAsync(false),
            )
          }
        >
          {t('meetings.cancel')}
        </Button>
      )}
      {meeting.mayManage && planned && meeting.series && (
        <Button
          danger
          onClick={() =>
            ask(
              t('planning.cancelFollowingAsk', { title }),
              t('meetings.cancelHint'),
              t('planning.cancelFollowing'),
              () => cancel.mutateAsync(true),
            )
          }
        >
          {t('planning.cancelFollowing')}
        </Button>
      )}
      {meeting.mayManage && !planned && (
        <Button
          danger
          onClick={() =>
            ask(t('meetings.endAsk', { title }), t('meetings.endHint', { count: present }), t('meetings.end'), () =>
              end.mutateAsync(undefined),
            )
          }
        >
          {t('meetings.end')}
        </Button>
      )}
      <MeetingForm target={editing ? meeting : null} close={() => setEditing(false)} />
    </>
  );
}

function Attendance({ id }: { id: string }) {
  const t = useT();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage, error } = useInfiniteQuery({
    queryKey: [...meetingKeys.list, 'attendance', id],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/meetings/{id}/attendance', {
          params: { path: { id }, query: { pageSize: 50, pageToken: pageParam } },
        }),
      ),
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  // Who neither holds the meeting nor may see those of the body is not told who came.
  if (error && asApiError(error).code === 403) return null;
  const rows = data?.pages.flatMap((page) => page.attendance);
  return (
    <>
      <h3 className="detail-section">{t('meetings.attendance')}</h3>
      {rows?.length === 0 && <p className="quiet">{t('meetings.noAttendance')}</p>}
      <ul className="rows">
        {rows?.map((stay) => (
          <li key={stay.id}>
            <div className="row-text">
              <span className="row-name">{stay.name}</span>
              <span className="row-sub">
                {[t(`meetings.role.${stay.role}`), stay.guest && t('meetings.guest'), stay.post, stay.bodyName]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              <span className="row-sub num">
                {stay.leftAt
                  ? t('meetings.stay', { from: dateTime(stay.joinedAt), to: dateTime(stay.leftAt).slice(11) })
                  : t('meetings.staying', { from: dateTime(stay.joinedAt) })}
                {stay.room && ` · ${stay.room}`}
              </span>
              {stay.quality && <QualityLine quality={stay.quality} />}
            </div>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('meetings.more')}
        </Button>
      )}
    </>
  );
}

function Messages({ id }: { id: string }) {
  const t = useT();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage, error } = useInfiniteQuery({
    queryKey: [...meetingKeys.list, 'messages', id],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/meetings/{id}/messages', {
          params: { path: { id }, query: { pageSize: 50, pageToken: pageParam } },
        }),
      ),
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  // What was written is for those who took part.
  if (error) return null;
  const rows = data?.pages.flatMap((page) => page.messages);
  return (
    <>
      <h3 className="detail-section">{t('meetings.messages')}</h3>
      {rows?.length === 0 && <p className="quiet">{t('meetings.noMessages')}</p>}
      <ul className="rows">
        {rows?.map((line) => (
          <li key={line.id}>
            <div className="row-text">
              <span className="row-sub num">
                {[line.name, line.room, dateTime(line.at)].filter(Boolean).join(' · ')}
              </span>
              {line.file ? (
                <a className="row-name" href={paperPage(line.file.id)} target="_blank" rel="noreferrer">
                  {[line.file.name, fileSize(line.file.size)].join(' · ')}
                </a>
              ) : (
                <span className="row-name">{line.text}</span>
              )}
            </div>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('meetings.more')}
        </Button>
      )}
    </>
  );
}
