import { api, take } from '@gonghui/api';
import { dateTime, type ListColumn, ListPage, NoRight, useAct, useCan, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { App, Button, InputNumber } from 'antd';
import { useId, useState } from 'react';
import { Player } from './Player.tsx';
import { RecordingActs, RecordingFacts, State } from './Recordings.tsx';
import { moving, type Recording, recordingKeys } from './recordings.ts';

/** All recordings of the body, and how long they are kept. */
export function RecordingsPage() {
  const t = useT();
  const can = useCan();
  const [playing, play] = useState<Recording | null>(null);
  if (!can('meeting.recordings')) return <NoRight page what={t('recordings.title')} />;
  const columns: ListColumn<Recording>[] = [
    {
      key: 'meeting',
      title: t('recordings.meeting'),
      render: (one) => <span className="recording-title">{one.meetingTitle}</span>,
    },
    { key: 'when', title: t('recordings.when'), render: (one) => <span className="num">{dateTime(one.beganAt)}</span> },
    {
      key: 'facts',
      title: t('recordings.facts'),
      render: (one) => (
        <span className="row-text recording-facts">
          <RecordingFacts one={one} />
        </span>
      ),
    },
    { key: 'state', title: t('recordings.state'), phone: 'badge', render: (one) => <State one={one} /> },
    { key: 'acts', title: t('recordings.acts'), render: (one) => <RecordingActs one={one} play={play} /> },
  ];
  return (
    <ListPage<Recording>
      id="recordings"
      title={t('recordings.title')}
      purpose={t('recordings.purpose')}
      action={<Keeping />}
      columns={columns}
      filters={[{ kind: 'search', key: 'q', label: t('recordings.searchLabel'), placeholder: t('recordings.search') }]}
      queryKey={[...recordingKeys.list, 'all']}
      load={async ({ filters, pageSize, pageToken }) => {
        const query = { query: filters.q, pageSize, pageToken };
        const reply = await take(api.GET('/v1/meetings:recordings', { params: { query } }));
        return { rows: reply.recordings, next: reply.nextPageToken };
      }}
      live={moving}
      rowKey={(one) => one.id}
      empty={{ title: t('recordings.empty'), why: t('recordings.emptyWhy') }}
    >
      <Player recording={playing} close={() => play(null)} />
    </ListPage>
  );
}

/** For how many days recordings are kept. */
function Keeping() {
  const t = useT();
  const id = useId();
  const { modal, message } = App.useApp();
  const [days, setDays] = useState<number | null>(null);
  const queryKey = [...recordingKeys.list, 'settings'];
  const { data } = useQuery({ queryKey, queryFn: () => take(api.GET('/v1/meetings:recordingSettings')) });
  const save = useAct({
    run: (keepDays: number) => take(api.PUT('/v1/meetings:recordingSettings', { body: { keepDays } })),
    refresh: [recordingKeys.list],
    said: t('recordings.keepSaved'),
    done: () => setDays(null),
  });
  if (!data) return null;
  const shown = days ?? data.keepDays;
  const press = () => {
    if (!Number.isInteger(shown) || shown < 1 || shown > 3650) void message.error(t('recordings.keepBad'));
    else if (shown >= data.keepDays) save.mutate(shown);
    else
      modal.confirm({
        title: t('recordings.keepAsk'),
        content: t('recordings.keepAskHint', { days: shown }),
        okText: t('recordings.keepSave'),
        okButtonProps: { danger: true },
        cancelText: t('act.cancel'),
        onOk: () => save.mutateAsync(shown).catch(() => undefined),
      });
  };
  return (
    <div className="recording-keep">
      <label htmlFor={id}>{t('recordings.keepDays')}</label>
      <InputNumber
        id={id}
        min={1}
        max={3650}
        precision={0}
        value={shown}
        onChange={setDays}
        aria-describedby={`${id}-hint`}
      />
      <Button disabled={days === null || days === data.keepDays} loading={save.isPending} onClick={press}>
        {t('recordings.keepSave')}
      </Button>
      <span className="quiet" id={`${id}-hint`}>
        {t('recordings.keepHint')}
      </span>
    </div>
  );
}
