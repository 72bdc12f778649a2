import { api, type Schemas, take } from '@gonghui/api';
import { count, dateTime, type ListColumn, ListPage, NoRight, useCan, useT } from '@gonghui/ui';
import { keys } from '../../data.ts';

type Access = Schemas['SupervisionAccess'];

/** Who looked at what of the own body, or came in to help. */
export function AccessesPage() {
  const t = useT();
  const can = useCan();
  if (!can('supervise.decide')) return <NoRight page what={t('overseen.accessesPage.title')} />;
  const columns: ListColumn<Access>[] = [
    {
      key: 'at',
      title: t('overseen.accessesPage.at'),
      render: (a) => <span className="num">{dateTime(a.at)}</span>,
    },
    { key: 'kind', title: t('overseen.accessesPage.kind'), render: (a) => t(`overseen.accessesPage.kinds.${a.kind}`) },
    { key: 'person', title: t('supervision.person'), render: (a) => a.person },
    { key: 'asker', title: t('supervision.asker'), render: (a) => a.askerName },
    {
      key: 'rows',
      title: t('overseen.accessesPage.rows'),
      align: 'right',
      phone: 'hide',
      render: (a) => a.kind === 'read' && <span className="num">{count(a.rows)}</span>,
    },
    { key: 'no', title: t('supervision.no'), render: (a) => <span className="num">{a.requestNo}</span> },
    {
      key: 'source',
      title: t('overseen.accessesPage.source'),
      phone: 'hide',
      render: (a) => <span className="num">{a.source}</span>,
    },
  ];
  return (
    <ListPage<Access>
      id="supervision-accesses"
      title={t('overseen.accessesPage.title')}
      purpose={t('overseen.accessesPage.purpose')}
      columns={columns}
      queryKey={[...keys.supervision, 'accesses']}
      load={async ({ pageSize, pageToken }) => {
        const reply = await take(api.GET('/v1/supervision/accesses', { params: { query: { pageSize, pageToken } } }));
        return { rows: reply.accesses, next: reply.nextPageToken };
      }}
      rowKey={(a) => a.id}
      empty={{ title: t('overseen.accessesPage.empty'), why: t('overseen.accessesPage.emptyWhy') }}
    />
  );
}
