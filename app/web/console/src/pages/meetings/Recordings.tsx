import { CaretRightOutlined, DownOutlined } from '@ant-design/icons';
import { api, asApiError, take } from '@gonghui/api';
import { Badge, DetailDrawer, dateTime, fileSize, useAct, useLocale, useT } from '@gonghui/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { useState } from 'react';
import { Player } from './Player.tsx';
import './recordings.css';
import { address, lasting, moving, type Recording, recordingKeys, recordingTones, stateWords } from './recordings.ts';

/** The recordings of a meeting, as far as they are for the person. */
export function Recordings({ meeting }: { meeting: string }) {
  const t = useT();
  const [playing, play] = useState<Recording | null>(null);
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage, error } = useInfiniteQuery({
    queryKey: [...recordingKeys.list, meeting],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/meetings/{id}/recordings', {
          params: { path: { id: meeting }, query: { pageSize: 20, pageToken: pageParam } },
        }),
      ),
    getNextPageParam: (last) => last.nextPageToken || undefined,
    refetchInterval: ({ state }) => moving(state.data?.pages.flatMap((page) => page.recordings) ?? []),
  });
  const rows = data?.pages.flatMap((page) => page.recordings) ?? [];
  // Where there is none, the meeting was not recorded, or it is not for the person.
  if (error || rows.length === 0) return null;
  return (
    <>
      <h3 className="detail-section">{t('recordings.section')}</h3>
      <ul className="rows">
        {rows.map((one) => (
          <li key={one.id}>
            <div className="row-text">
              <span className="row-name num">
                {dateTime(one.beganAt)} <State one={one} />
              </span>
              <RecordingFacts one={one} />
              <RecordingActs one={one} play={play} />
            </div>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('recordings.loadMore')}
        </Button>
      )}
      <Player recording={playing} close={() => play(null)} />
    </>
  );
}

export function State({ one }: { one: Recording }) {
  return <Badge tone={recordingTones[one.state] ?? 'plain'}>{stateWords(one, useT())}</Badge>;
}

export function RecordingFacts({ one }: { one: Recording }) {
  const t = useT();
  const facts = [
    one.state === 'ready' && lasting(one.seconds),
    Number(one.size) > 0 && fileSize(one.size),
    one.byName,
    one.people > 0 && t('recordings.peopleN', { count: one.people }),
    one.shared && t('recordings.shared'),
    one.kept && t('recordings.kept'),
    one.deletedAt && t('recordings.deletedAt', { at: dateTime(one.deletedAt).slice(0, 10) }),
  ].filter(Boolean);
  return (
    <>
      <span className="row-sub num">{facts.join(' · ')}</span>
      {one.state === 'failed' && <span className="row-sub">{t(`recordings.failure.${one.failure || 'error'}`)}</span>}
    </>
  );
}

/** What the person may do with a recording. */
export function RecordingActs({ one, play }: { one: Recording; play: (one: Recording) => void }) {
  const t = useT();
  const locale = useLocale();
  const { modal, message } = App.useApp();
  const [consents, setConsents] = useState(false);
  const { id } = one;
  const params = { path: { id } };
  const refresh = [recordingKeys.list];
  const share = useAct({
    run: (shared: boolean) => take(api.PUT('/v1/recordings/{id}', { params, body: { id, shared } })),
    refresh,
    said: (shared) => t(shared ? 'recordings.sharedOn' : 'recordings.sharedOff'),
  });
  const keep = useAct({
    run: (kept: boolean) => take(api.PUT('/v1/recordings/{id}', { params, body: { id, kept } })),
    refresh,
    said: (kept) => t(kept ? 'recordings.keptOn' : 'recordings.keptOff'),
  });
  const retry = useAct({
    run: () => take(api.POST('/v1/recordings/{id}:retry', { params, body: { id } })),
    refresh,
    said: t('recordings.retried'),
  });
  const cancel = useAct({
    run: () => take(api.POST('/v1/recordings/{id}:cancel', { params, body: { id } })),
    refresh,
    said: t('recordings.cancelled'),
  });
  const remove = useAct({
    run: () => take(api.DELETE('/v1/recordings/{id}', { params })),
    refresh,
    said: t('recordings.removed'),
  });
  const ask = (title: string, content: string, okText: string, danger: boolean, run: () => Promise<unknown>) =>
    void modal.confirm({
      title,
      content,
      okText,
      okButtonProps: { danger },
      cancelText: t('act.cancel'),
      onOk: () => run().catch(() => undefined),
    });
  const save = async () => {
    try {
      const { url } = await address(id, true);
      window.location.assign(url);
    } catch (thrown) {
      void message.error(asApiError(thrown).text(locale), 6);
    }
  };
  const made = one.state === 'ready';
  const more = [
    made &&
      one.maySave && {
        key: 'save',
        label: t('recordings.save'),
        run: () => ask(t('recordings.saveAsk'), t('recordings.saveHint'), t('recordings.save'), false, save),
      },
    one.mayManage &&
      made && {
        key: 'share',
        label: t(one.shared ? 'recordings.unshare' : 'recordings.share'),
        run: () => share.mutate(!one.shared),
      },
    one.mayKeep && {
      key: 'keep',
      label: t(one.kept ? 'recordings.unkeep' : 'recordings.keep'),
      run: () => keep.mutate(!one.kept),
    },
    one.mayManage && { key: 'consents', label: t('recordings.consents'), run: () => setConsents(true) },
    one.mayManage &&
      ['failed', 'cancelled'].includes(one.state) && {
        key: 'retry',
        label: t('recordings.retry'),
        run: () => retry.mutate(undefined),
      },
    one.mayManage &&
      ['waiting', 'composing'].includes(one.state) && {
        key: 'cancel',
        label: t('recordings.cancel'),
        run: () => cancel.mutate(undefined),
      },
    one.mayManage &&
      !one.kept &&
      one.state !== 'recording' && {
        key: 'remove',
        danger: true,
        label: t('recordings.remove'),
        run: () =>
          ask(t('recordings.removeAsk'), t('recordings.removeHint'), t('recordings.remove'), true, () =>
            remove.mutateAsync(undefined),
          ),
      },
  ].filter((act) => act !== false);
  return (
    <div className="recording-acts">
      {made && (
        <Button size="small" icon={<CaretRightOutlined aria-hidden />} onClick={() => play(one)}>
          {t('recordings.play')}
        </Button>
      )}
      {more.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: more.map(({ run: _, ...item }) => item),
            onClick: ({ key }) => more.find((act) => act.key === key)?.run(),
          }}
        >
          <Button size="small">
            {t('recordings.more')} <DownOutlined aria-hidden />
          </Button>
        </Dropdown>
      )}
      <Consents id={consents ? id : null} close={() => setConsents(false)} />
    </div>
  );
}

function Consents({ id, close }: { id: string | null; close: () => void }) {
  const t = useT();
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...recordingKeys.list, 'consents', id],
    enabled: id !== null,
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/v1/recordings/{id}/consents', {
          params: { path: { id: id ?? '' }, query: { pageSize: 100, pageToken: pageParam } },
        }),
      ),
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const rows = data?.pages.flatMap((page) => page.consents);
  return (
    <DetailDrawer
      open={id !== null}
      close={close}
      loading={isPending}
      error={error && asApiError(error)}
      retry={() => void refetch()}
      title={t('recordings.consents')}
    >
      {rows?.length === 0 && <p className="quiet">{t('recordings.consentsNone')}</p>}
      <ul className="rows">
        {rows?.map((one) => (
          <li key={one.participant}>
            <div className="row-text">
              <span className="row-name">
                {one.name}{' '}
                <Badge tone={one.agreed ? 'good' : 'plain'}>
                  {t(one.agreed ? 'recordings.agreed' : 'recordings.declined')}
                </Badge>
              </span>
              <span className="row-sub num">{[one.bodyName, dateTime(one.at)].filter(Boolean).join(' · ')}</span>
            </div>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('recordings.loadMore')}
        </Button>
      )}
    </DetailDrawer>
  );
}
