import { MailOutlined } from '@ant-design/icons';
import { api, type Schemas, take } from '@gonghui/api';
import { Badge, dateTime, type ListColumn, ListPage, NoRight, type Tone, useAct, useCan, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { keys } from '../../data.ts';
import { InviteForm } from './InviteForm.tsx';

type Invitation = Schemas['Invitation'];

const tones: Record<string, Tone> = { pending: 'note', accepted: 'good', revoked: 'plain', expired: 'warn' };

export function InvitationsPage() {
  const t = useT();
  const can = useCan();
  const [inviting, setInviting] = useState(false);
  const revoke = useAct({
    run: (invitation: Invitation) =>
      take(api.DELETE('/v1/invitations/{id}', { params: { path: { id: invitation.id } } })),
    refresh: [keys.invitations],
    said: (invitation) => t('invitation.revoked', { name: invitation.name }),
  });
  if (!can('identity.invite')) return <NoRight page what={t('invitation.title')} />;
  const columns: ListColumn<Invitation>[] = [
    { key: 'name', title: t('invitation.name'), render: (i) => i.name },
    { key: 'phone', title: t('invitation.phone'), render: (i) => <span className="num">{i.phone}</span> },
    { key: 'role', title: t('invitation.role'), render: (i) => t(`role.${i.role}`) },
    {
      key: 'state',
      title: t('invitation.state'),
      phone: 'badge',
      render: (i) => <Badge tone={tones[i.state] ?? 'plain'}>{t(`invitation.states.${i.state}`)}</Badge>,
    },
    {
      key: 'created',
      title: t('invitation.created'),
      phone: 'hide',
      render: (i) => <span className="num">{dateTime(i.createdAt)}</span>,
    },
    {
      key: 'expires',
      title: t('invitation.expires'),
      render: (i) => <span className="num">{dateTime(i.expiresAt)}</span>,
    },
    {
      key: 'act',
      title: t('invitation.act'),
      align: 'right',
      render: (i) =>
        i.state === 'pending' ? (
          <Button
            size="small"
            aria-label={`${t('invitation.revoke')} ${i.name}`}
            loading={revoke.isPending && revoke.variables?.id === i.id}
            onClick={() => revoke.mutate(i)}
          >
            {t('invitation.revoke')}
          </Button>
        ) : null,
    },
  ];
  const add = (
    <Button type="primary" icon={<MailOutlined aria-hidden />} onClick={() => setInviting(true)}>
      {t('invitation.add')}
    </Button>
  );
  return (
    <ListPage<Invitation>
      id="invitations"
      title={t('invitation.title')}
      purpose={t('invitation.purpose')}
      action={
        <>
          <Link to="/officers">{t('invitation.list')}</Link>
          {add}
        </>
      }
      columns={columns}
      choosable={false}
      queryKey={[...keys.invitations, 'list']}
      load={async ({ pageSize, pageToken }) => {
        const reply = await take(api.GET('/v1/invitations', { params: { query: { pageSize, pageToken } } }));
        return { rows: reply.invitations, next: reply.nextPageToken };
      }}
      rowKey={(i) => i.id}
      empty={{ title: t('invitation.empty'), why: t('invitation.emptyWhy'), action: add }}
    >
      <InviteForm open={inviting} close={() => setInviting(false)} />
    </ListPage>
  );
}
