import { api, take } from '@gonghui/api';
import { dateTime, type ListColumn, ListPage, useDetail, useT } from '@gonghui/ui';
import { type SupervisionRequest, SupervisionState } from '@gonghui/ui/supervision';
import { overseeKey } from './key.ts';
import { RequestDrawer } from './RequestDrawer.tsx';

/** What the caller asked of bodies below. */
export function RequestsPage() {
  const t = useT();
  const detail = useDetail('/supervision');
  const columns: ListColumn<SupervisionRequest>[] = [
    { key: 'body', title: t('supervision.body'), render: (r) => r.bodyName },
    {
      key: 'state',
      title: t('supervision.state'),
      phone: 'badge',
      render: (r) => <SupervisionState state={r.state} />,
    },
    { key: 'kind', title: t('supervision.kindLabel'), render: (r) => t(`supervision.kind.${r.kind}`) },
    {
      key: 'purpose',
      title: t('supervision.purpose'),
      render: (r) => <span className="clip">{r.purpose}</span>,
    },
    {
      key: 'validTo',
      title: t('supervision.validTo'),
      render: (r) => r.validTo && <span className="num">{dateTime(r.validTo)}</span>,
    },
    {
      key: 'at',
      title: t('supervision.createdAt'),
      phone: 'hide',
      render: (r) => <span className="num">{dateTime(r.createdAt)}</span>,
    },
    { key: 'no', title: t('supervision.no'), phone: 'hide', render: (r) => <span className="num">{r.no}</span> },
  ];
  return (
    <ListPage<SupervisionRequest>
      id="requests"
      title={t('oversee.title')}
      purpose={t('oversee.purpose')}
      columns={columns}
      queryKey={[...overseeKey, 'list']}
      load={async ({ pageSize, pageToken }) => {
        const reply = await take(api.GET('/v1/supervision/requests', { params: { query: { pageSize, pageToken } } }));
        return { rows: reply.requests, next: reply.nextPageToken };
      }}
      rowKey={(r) => r.id}
      href={detail.href}
      open={detail.open}
      live={(rows) => (rows.some((r) => r.state === 'open') ? 15_000 : false)}
      empty={{ title: t('oversee.empty'), why: t('oversee.emptyWhy') }}
    >
      <RequestDrawer id={detail.id} close={detail.close} />
    </ListPage>
  );
}
