import { PlusOutlined } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import { Badge, date, type ListColumn, ListPage, NoRight, useCan, useDetail, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { useState } from 'react';
import { ClientDrawer } from './ClientDrawer.tsx';
import { ClientForm } from './ClientForm.tsx';
import { type Client, clientKeys } from './clients.ts';
import { SecretModal } from './SecretModal.tsx';

/** The applications that people of the body sign in to with their union account. */
export function ClientsPage() {
  const t = useT();
  const can = useCan();
  const detail = useDetail('/clients');
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<Client | null>(null);
  if (!can('identity.clients')) return <NoRight page what={t('clients.title')} />;
  const columns: ListColumn<Client>[] = [
    { key: 'name', title: t('clients.name'), render: (c) => c.name },
    { key: 'kind', title: t('clients.kind'), render: (c) => t(`clients.kinds.${c.kind}`) },
    {
      key: 'own',
      title: t('clients.own'),
      phone: 'hide',
      render: (c) => t(c.own ? 'clients.ownYes' : 'clients.ownNo'),
    },
    {
      key: 'recent',
      title: t('clients.recent'),
      align: 'right',
      render: (c) => <span className="num">{t('clients.recentN', { n: c.recent })}</span>,
    },
    {
      key: 'created',
      title: t('clients.created'),
      phone: 'hide',
      render: (c) => <span className="num">{date(c.createdAt)}</span>,
    },
    {
      key: 'state',
      title: t('clients.state'),
      phone: 'badge',
      render: (c) => <Badge tone={c.state === 'active' ? 'good' : 'plain'}>{t(`clients.states.${c.state}`)}</Badge>,
    },
  ];
  const add = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>
      {t('clients.add')}
    </Button>
  );
  return (
    <ListPage<Client>
      id="clients"
      title={t('clients.title')}
      purpose={t('clients.purpose')}
      action={add}
      columns={columns}
      queryKey={[...clientKeys.list, 'list']}
      load={async ({ pageSize, pageToken }) => {
        const reply = await take(api.GET('/v1/oidc/clients', { params: { query: { pageSize, pageToken } } }));
        return { rows: reply.clients, next: reply.nextPageToken };
      }}
      rowKey={(c) => c.id}
      href={detail.href}
      open={detail.open}
      empty={{ title: t('clients.empty'), why: t('clients.emptyWhy'), action: add }}
    >
      <ClientDrawer id={detail.id} close={detail.close} secret={setMade} />
      <ClientForm target={adding ? { client: null } : null} close={() => setAdding(false)} made={setMade} />
      <SecretModal client={made} close={() => setMade(null)} />
    </ListPage>
  );
}
