import { api, type Schemas, take } from '@gonghui/api';
import { Badge, dateTime, type ListColumn, ListPage, NoRight, type Tone, useCan, useDetail, useT } from '@gonghui/ui';
import { useState } from 'react';
import { keys } from '../../data.ts';
import { fieldLabel } from '../members/fieldLabel.ts';
import { RequestDrawer } from './RequestDrawer.tsx';

export type ChangeRequest = Schemas['ChangeRequest'];

export const tones: Record<string, Tone> = { open: 'warn', approved: 'good', refused: 'plain', withdrawn: 'plain' };

/** What members ask to have changed in their files: open ones first. */
export function RequestsPage() {
  const t = useT();
  const can = useCan();
  const detail = useDetail('/requests');
  // The list is all there is to read of a request: what is open beside it was one of its rows.
  const [seen, setSeen] = useState<Map<string, ChangeRequest>>(() => new Map());
  if (!can('member.read')) return <NoRight page what={t('requests.title')} />;

  const columns: ListColumn<ChangeRequest>[] = [
    { key: 'member', title: t('requests.member'), render: (r) => r.memberName },
    {
      key: 'state',
      title: t('requests.state'),
      phone: 'badge',
      render: (r) => <Badge tone={tones[r.state] ?? 'plain'}>{t(`requests.states.${r.state}`)}</Badge>,
    },
    {
      key: 'kind',
      title: t('requests.kind'),
      render: (r) => t(`requests.kinds.${r.claim ? 'claim' : 'change'}`),
    },
    {
      key: 'changes',
      title: t('requests.changes'),
      render: (r) => (
        <span className="clip">{r.changes.map((c) => fieldLabel(c.field, t)).join(t('member.listJoin'))}</span>
      ),
    },
    {
      key: 'no',
      title: t('requests.no'),
      phone: 'hide',
      render: (r) => <span className="num">{r.memberNo}</span>,
    },
    { key: 'at', title: t('requests.at'), render: (r) => <span className="num">{dateTime(r.createdAt)}</span> },
    { key: 'decidedBy', title: t('requests.decidedBy'), phone: 'hide', render: (r) => r.decidedBy },
    {
      key: 'decidedAt',
      title: t('requests.decidedAt'),
      optional: true,
      phone: 'hide',
      render: (r) => <span className="num">{dateTime(r.decidedAt)}</span>,
    },
  ];
  return (
    <ListPage<ChangeRequest>
      id="requests"
      title={t('requests.title')}
      purpose={t('requests.purpose')}
      columns={columns}
      filters={[
        {
          key: 'state',
          kind: 'select',
          label: t('requests.state'),
          options: [
            { value: '', label: t('requests.stateFilter.open') },
            { value: 'approved', label: t('requests.stateFilter.approved') },
            { value: 'refused', label: t('requests.stateFilter.refused') },
            { value: 'withdrawn', label: t('requests.stateFilter.withdrawn') },
          ],
        },
      ]}
      queryKey={[...keys.requests, 'list']}
      load={async ({ filters, pageSize, pageToken }) => {
        const reply = await take(
          api.GET('/v1/requests', { params: { query: { state: filters.state, pageSize, pageToken } } }),
        );
        setSeen((before) => new Map([...before, ...reply.requests.map((r) => [r.id, r] as const)]));
        return { rows: reply.requests, next: reply.nextPageToken, total: filters.state ? undefined : reply.open };
      }}
      rowKey={(r) => r.id}
      href={detail.href}
      open={detail.open}
      total={(n) => t('requests.openCount', { n })}
      empty={{ title: t('requests.empty'), why: t('requests.emptyWhy') }}
    >
      <RequestDrawer
        id={detail.id}
        request={detail.id ? (seen.get(detail.id) ?? null) : null}
        loaded={seen.size > 0}
        decided={(r) => setSeen((before) => new Map(before).set(r.id, r))}
        close={detail.close}
      />
    </ListPage>
  );
}
