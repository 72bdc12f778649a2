import { api, take } from '@gonghui/api';
import { dateTime, type ListColumn, ListPage, NoRight, useCan, useDetail, useT } from '@gonghui/ui';
import { type SupervisionRequest, SupervisionState } from '@gonghui/ui/supervision';
import { useState } from 'react';
import { Link } from 'react-router';
import { keys } from '../../data.ts';
import { IncomingDrawer } from './IncomingDrawer.tsx';

/** What upper bodies ask of this one, and what was granted to them. */
export function SupervisionPage() {
  const t = useT();
  const can = useCan();
  const detail = useDetail('/supervision');
  // The list is all there is to read of a request: what is open beside it was one of its rows.
  const [seen, setSeen] = useState<Map<string, SupervisionRequest>>(() => new Map());
  if (!can('supervise.decide')) return <NoRight page what={t('overseen.title')} />;

  const columns: ListColumn<SupervisionRequest>[] = [
    { key: 'asker', title: t('supervision.asker'), render: (r) => r.askerName },
    {
      key: 'state',
      title: t('supervision.state'),
      phone: 'badge',
      render: (r) => <SupervisionState state={r.state} />,
    },
    { key: 'kind', title: t('supervision.kindLabel'), render: (r) => t(`supervision.kind.${r.kind}`) },
    { key: 'person', title: t('supervision.person'), render: (r) => r.person },
    {
      key: 'purpose',
      title: t('supervision.purpose'),
      phone: 'hide',
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
    {
      key: 'no',
      title: t('supervision.no'),
      optional: true,
      phone: 'hide',
      render: (r) => <span className="num">{r.no}</span>,
    },
  ];
  return (
    <ListPage<SupervisionRequest>
      id="supervision"
      title={t('overseen.title')}
      purpose={t('overseen.purpose')}
      action={
        <span className="row-acts">
          <Link to="/supervision/rules" className="step-link">
            {t('overseen.rules')}
          </Link>
          <Link to="/supervision/accesses" className="step-link">
            {t('overseen.accesses')}
          </Link>
        </span>
      }
      columns={columns}
      filters={[
        {
          key: 'state',
          kind: 'select',
          label: t('supervision.state'),
          options: [
            { value: '', label: t('overseen.filter.all') },
            { value: 'open', label: t('overseen.filter.open') },
            { value: 'running', label: t('overseen.filter.running') },
            { value: 'closed', label: t('overseen.filter.closed') },
          ],
        },
      ]}
      queryKey={[...keys.supervision, 'incoming']}
      load={async ({ filters, pageSize, pageToken }) => {
        const reply = await take(
          api.GET('/v1/supervision/incoming', { params: { query: { state: filters.state, pageSize, pageToken } } }),
        );
        setSeen((before) => new Map([...before, ...reply.requests.map((r) => [r.id, r] as const)]));
        return { rows: reply.requests, next: reply.nextPageToken, total: reply.open };
      }}
      rowKey={(r) => r.id}
      href={detail.href}
      open={detail.open}
      total={(n) => t('overseen.openCount', { n })}
      empty={{ title: t('overseen.empty'), why: t('overseen.emptyWhy') }}
    >
      <IncomingDrawer
        id={detail.id}
        request={detail.id ? (seen.get(detail.id) ?? null) : null}
        loaded={seen.size > 0}
        changed={(r) => setSeen((before) => new Map(before).set(r.id, r))}
        close={detail.close}
      />
    </ListPage>
  );
}
