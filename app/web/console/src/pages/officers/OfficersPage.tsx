import { MailOutlined, PlusOutlined } from '@ant-design/icons';
import { Badge, type ListColumn, ListPage, NoRight, useCan, useDetail, useT, useWide } from '@gonghui/ui';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { keys, type Officer } from '../../data.ts';
import { InviteForm } from './InviteForm.tsx';
import { OfficerDrawer } from './OfficerDrawer.tsx';
import { OfficerForm } from './OfficerForm.tsx';
import { isHeld, listOfficers } from './officers.ts';

export function OfficersPage() {
  const t = useT();
  const can = useCan();
  const wide = useWide();
  const detail = useDetail('/officers');
  const [adding, setAdding] = useState(false);
  const [inviting, setInviting] = useState(false);
  if (!can('org.read')) return <NoRight page what={t('officer.title')} />;

  const columns: ListColumn<Officer>[] = [
    {
      key: 'name',
      title: t('officer.name'),
      render: (o) => (
        <>
          {o.name}
          {o.demo && <span className="row-mark">{t('officer.demo')}</span>}
        </>
      ),
    },
    {
      key: 'posts',
      title: t('officer.posts'),
      render: (o) =>
        o.appointments
          .filter(isHeld)
          .map((a) => (a.acting ? `${a.postName} (${t('officer.acting')})` : a.postName))
          .join(t('member.listJoin')),
    },
    { key: 'title', title: t('officer.jobTitle'), render: (o) => o.title },
    { key: 'phone', title: t('officer.phone'), render: (o) => <span className="num">{o.phone}</span> },
    {
      key: 'time',
      title: t('officer.time'),
      render: (o) => (o.fullTime ? t('post.fullTime') : t('post.partTime')),
      phone: 'hide',
    },
    {
      key: 'state',
      title: t('officer.state'),
      phone: 'badge',
      render: (o) => <Badge tone={o.state === 'working' ? 'good' : 'plain'}>{t(`officer.states.${o.state}`)}</Badge>,
    },
  ];
  const add = can('org.write') && (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>
      {t('officer.add')}
    </Button>
  );

  return (
    <ListPage<Officer>
      id="officers"
      title={t('officer.title')}
      purpose={t('officer.purpose')}
      action={
        <>
          {can('identity.invite') && (
            <>
              <Link to="/officers/invitations">{t('invitation.open')}</Link>
              <Button icon={<MailOutlined aria-hidden />} onClick={() => setInviting(true)}>
                {t('invitation.add')}
              </Button>
            </>
          )}
          {add}
        </>
      }
      columns={wide ? columns : columns.filter((c) => c.key !== 'title')}
      filters={[
        { key: 'q', kind: 'search', label: t('officer.searchLabel'), placeholder: t('officer.search') },
        {
          key: 'state',
          kind: 'select',
          label: t('officer.state'),
          options: [
            { value: '', label: t('officer.stateFilter.working') },
            { value: 'left', label: t('officer.stateFilter.left') },
            { value: 'all', label: t('officer.stateFilter.all') },
          ],
        },
      ]}
      queryKey={[...keys.officers, 'list']}
      load={({ filters, pageSize, pageToken }) =>
        listOfficers({ query: filters.q, state: filters.state, pageSize, pageToken })
      }
      rowKey={(o) => o.id}
      href={detail.href}
      open={detail.open}
      empty={{ title: t('officer.empty'), why: t('officer.emptyWhy'), action: add }}
    >
      <OfficerDrawer id={detail.id} close={detail.close} />
      <OfficerForm
        target={adding ? { officer: null } : null}
        close={() => setAdding(false)}
        done={(o) => detail.open(o.id)}
      />
      <InviteForm open={inviting} close={() => setInviting(false)} />
    </ListPage>
  );
}
