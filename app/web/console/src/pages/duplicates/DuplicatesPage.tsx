import { api, keyed, type Schemas, take } from '@gonghui/api';
import { Badge, dateTime, type ListColumn, ListPage, NoRight, type Tone, useAct, useCan, useT } from '@gonghui/ui';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { keys } from '../../data.ts';
import { MemberForm } from '../members/MemberForm.tsx';

type Duplicate = Schemas['Duplicate'];

const tones: Record<string, Tone> = { elsewhere: 'warn', free: 'good', here: 'plain' };

/** Whom the body wanted to admit while they were members elsewhere. */
export function DuplicatesPage() {
  const t = useT();
  const can = useCan();
  const navigate = useNavigate();
  const { modal } = App.useApp();
  const [admitting, setAdmitting] = useState<Duplicate | null>(null);
  const dismiss = useAct({
    run: ({ id }: Duplicate, key) =>
      take(api.POST('/v1/duplicates/{id}:dismiss', { params: { path: { id } }, body: { id }, headers: keyed(key) })),
    refresh: [keys.duplicates],
    said: t('duplicates.dismissed'),
  });
  if (!can('member.read')) return <NoRight page what={t('duplicates.title')} />;

  const ask = (one: Duplicate) =>
    modal.confirm({
      title: t('duplicates.dismissAsk', { name: one.name }),
      content: t('duplicates.dismissHint'),
      icon: null,
      okText: t('duplicates.dismiss'),
      autoFocusButton: 'cancel',
      onOk: () => dismiss.mutateAsync(one).catch(() => {}),
    });
  const columns: ListColumn<Duplicate>[] = [
    { key: 'name', title: t('duplicates.name'), render: (d) => d.name },
    { key: 'idNumber', title: t('duplicates.idNumber'), render: (d) => <span className="num">{d.idNumber}</span> },
    {
      key: 'state',
      title: t('duplicates.state'),
      phone: 'badge',
      render: (d) => <Badge tone={tones[d.state] ?? 'plain'}>{t(`duplicates.states.${d.state}`)}</Badge>,
    },
    {
      key: 'where',
      title: t('duplicates.where'),
      render: (d) => d.bodyName && <span className="clip">{d.bodyName}</span>,
    },
    { key: 'source', title: t('duplicates.source'), phone: 'hide', render: (d) => t(`duplicates.sources.${d.source}`) },
    { key: 'by', title: t('duplicates.by'), phone: 'hide', render: (d) => d.byName },
    { key: 'at', title: t('duplicates.at'), render: (d) => <span className="num">{dateTime(d.at)}</span> },
  ];
  if (can('member.write')) {
    columns.push({
      key: 'act',
      title: t('duplicates.act'),
      align: 'right',
      render: (d) => (
        <span className="row-acts row-acts-end">
          {d.state === 'free' && (
            <Button
              size="small"
              type="primary"
              aria-label={`${t('duplicates.admit')} ${d.name}`}
              onClick={() => setAdmitting(d)}
            >
              {t('duplicates.admit')}
            </Button>
          )}
          <Button size="small" aria-label={`${t('duplicates.dismiss')} ${d.name}`} onClick={() => ask(d)}>
            {t('duplicates.dismiss')}
          </Button>
        </span>
      ),
    });
  }
  return (
    <ListPage<Duplicate>
      id="duplicates"
      title={t('duplicates.title')}
      purpose={t('duplicates.purpose')}
      columns={columns}
      choosable={false}
      queryKey={[...keys.duplicates, 'list']}
      load={async ({ pageSize, pageToken }) => {
        const reply = await take(api.GET('/v1/duplicates', { params: { query: { pageSize, pageToken } } }));
        return { rows: reply.duplicates, next: reply.nextPageToken };
      }}
      rowKey={(d) => d.id}
      empty={{ title: t('duplicates.empty'), why: t('duplicates.emptyWhy') }}
    >
      <MemberForm
        target={admitting && { member: null, name: admitting.name }}
        close={() => setAdmitting(null)}
        done={(member) => void navigate(`/members/${member.id}`)}
      />
    </ListPage>
  );
}
