import { PlusOutlined } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import { Badge, dateTime, type ListColumn, ListPage, NoRight, type Tone, useCan, useDetail, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { useState } from 'react';
import { AskForm } from './AskForm.tsx';
import { MergeDrawer } from './MergeDrawer.tsx';
import { type Merge, mergeKeys } from './merges.ts';

const tones: Record<string, Tone> = { open: 'note', done: 'good', undone: 'warn', dropped: 'plain' };
const states = ['open', 'done', 'undone', 'dropped'];

/** Accounts that are one human being's: found, proved, merged, and within thirty days undone. */
export function MergesPage() {
  const t = useT();
  const can = useCan();
  const detail = useDetail('/merges');
  const [asking, setAsking] = useState(false);
  if (!can('identity.merge')) return <NoRight page what={t('merges.title')} />;
  const columns: ListColumn<Merge>[] = [
    { key: 'keep', title: t('merges.keep'), render: (m) => <Who side={m.keep} /> },
    { key: 'gone', title: t('merges.gone'), render: (m) => <Who side={m.gone} /> },
    { key: 'ground', title: t('merges.ground'), phone: 'hide', render: (m) => t(`merges.grounds.${m.ground}`) },
    {
      key: 'asked',
      title: t('merges.asked'),
      render: (m) => <span className="num">{dateTime(m.askedAt)}</span>,
    },
    {
      key: 'state',
      title: t('merges.state'),
      phone: 'badge',
      render: (m) => <Badge tone={tones[m.state] ?? 'plain'}>{t(`merges.states.${m.state}`)}</Badge>,
    },
  ];
  const add = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setAsking(true)}>
      {t('merges.add')}
    </Button>
  );
  return (
    <ListPage<Merge>
      id="merges"
      title={t('merges.title')}
      purpose={t('merges.purpose')}
      action={add}
      columns={columns}
      filters={[
        {
          key: 'state',
          kind: 'select',
          label: t('merges.state'),
          options: [
            { value: '', label: t('merges.anyState') },
            ...states.map((value) => ({ value, label: t(`merges.states.${value}`) })),
          ],
        },
      ]}
      queryKey={[...mergeKeys.all, 'list']}
      load={async ({ filters, pageSize, pageToken }) => {
        const reply = await take(
          api.GET('/v1/merges', { params: { query: { state: filters.state, pageSize, pageToken } } }),
        );
        return { rows: reply.merges, next: reply.nextPageToken };
      }}
      rowKey={(m) => m.id}
      href={detail.href}
      open={detail.open}
      empty={{ title: t('merges.empty'), why: t('merges.emptyWhy'), action: add }}
    >
      <MergeDrawer id={detail.id} close={detail.close} />
      <AskForm open={asking} close={() => setAsking(false)} done={(m) => detail.open(m.id)} />
    </ListPage>
  );
}

function Who({ side }: { side: Merge['keep'] }) {
  const t = useT();
  return (
    <>
      {side?.name || t('merges.wiped')} <span className="num quiet">{side?.phone}</span>
    </>
  );
}
