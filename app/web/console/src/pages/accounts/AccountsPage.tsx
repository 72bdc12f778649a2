import { MailOutlined } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import {
  ago,
  Badge,
  dateTime,
  type ListColumn,
  ListPage,
  NoRight,
  useCan,
  useDetail,
  useLocale,
  useT,
} from '@gonghui/ui';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { InviteForm } from '../officers/InviteForm.tsx';
import { DutyRow } from './DutyRow.tsx';
import { HolderDrawer } from './HolderDrawer.tsx';
import { type Holder, holderKeys, roles } from './holders.ts';

/** Who can sign in to the body, and what an administrator may do about it. */
export function AccountsPage() {
  const t = useT();
  const can = useCan();
  const locale = useLocale();
  const detail = useDetail('/accounts');
  const [inviting, setInviting] = useState(false);
  if (!can('identity.accounts')) return <NoRight page what={t('accounts.title')} />;

  const columns: ListColumn<Holder>[] = [
    {
      key: 'name',
      title: t('accounts.name'),
      render: (h) => (
        <>
          {h.name}
          {h.self && <span className="row-mark">{t('accounts.self')}</span>}
        </>
      ),
    },
    { key: 'phone', title: t('accounts.phone'), render: (h) => <span className="num">{h.phone}</span> },
    {
      key: 'roles',
      title: t('accounts.roles'),
      render: (h) => h.places.map((p) => t(`role.${p.role}`)).join(t('accounts.join')),
    },
    {
      key: 'seen',
      title: t('accounts.seen'),
      render: (h) =>
        h.seenAt ? <span title={dateTime(h.seenAt)}>{ago(h.seenAt, new Date(), locale)}</span> : t('accounts.never'),
    },
    {
      key: 'sessions',
      title: t('accounts.sessions'),
      align: 'right',
      phone: 'hide',
      render: (h) => <span className="num">{t('accounts.sessionsN', { n: h.sessions })}</span>,
    },
    {
      key: 'state',
      title: t('accounts.state'),
      phone: 'badge',
      render: (h) => <Badge tone={h.state === 'locked' ? 'warn' : 'good'}>{t(`accounts.states.${h.state}`)}</Badge>,
    },
  ];
  const add = can('identity.invite') && (
    <Button type="primary" icon={<MailOutlined aria-hidden />} onClick={() => setInviting(true)}>
      {t('accounts.invite')}
    </Button>
  );
  return (
    <ListPage<Holder>
      id="accounts"
      title={t('accounts.title')}
      purpose={t('accounts.purpose')}
      action={
        <>
          {can('identity.invite') && <Link to="/officers/invitations">{t('accounts.invitations')}</Link>}
          {add}
        </>
      }
      columns={columns}
      filters={[
        { key: 'q', kind: 'search', label: t('accounts.searchLabel'), placeholder: t('accounts.search') },
        {
          key: 'role',
          kind: 'select',
          label: t('accounts.role'),
          options: [
            { value: '', label: t('accounts.anyRole') },
            ...roles.map((value) => ({ value, label: t(`role.${value}`) })),
          ],
        },
        {
          key: 'state',
          kind: 'select',
          label: t('accounts.state'),
          options: [
            { value: '', label: t('accounts.anyState') },
            { value: 'open', label: t('accounts.states.open') },
            { value: 'locked', label: t('accounts.states.locked') },
          ],
        },
      ]}
      queryKey={[...holderKeys.list, 'list']}
      load={async ({ filters, pageSize, pageToken }) => {
        const query = { query: filters.q, role: filters.role, state: filters.state, pageSize, pageToken };
        const reply = await take(api.GET('/v1/accounts', { params: { query } }));
        return { rows: reply.holders, next: reply.nextPageToken };
      }}
      rowKey={(h) => h.personId}
      href={detail.href}
      open={detail.open}
      empty={{ title: t('accounts.empty'), why: t('accounts.emptyWhy'), action: add }}
    >
      <DutyRow />
      <HolderDrawer id={detail.id} close={detail.close} />
      <InviteForm open={inviting} close={() => setInviting(false)} />
    </ListPage>
  );
}
