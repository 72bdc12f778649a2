import { DownloadOutlined, PlusOutlined, QrcodeOutlined, UploadOutlined } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import { Badge, date, type ListColumn, ListPage, NoRight, useCan, useDetail, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { keys, type Member } from '../../data.ts';
import { ExportForm } from './ExportForm.tsx';
import { MemberDrawer } from './MemberDrawer.tsx';
import { MemberForm } from './MemberForm.tsx';
import { membershipTone } from './membershipTone.ts';

export function MembersPage() {
  const t = useT();
  const can = useCan();
  const detail = useDetail('/members');
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const [exporting, setExporting] = useState(false);
  if (!can('member.read')) return <NoRight page what={t('member.title')} />;

  const columns: ListColumn<Member>[] = [
    {
      key: 'name',
      title: t('member.name'),
      render: (m) => (
        <>
          {m.fields.name}
          {m.demo && <span className="row-mark">{t('member.demo')}</span>}
        </>
      ),
    },
    { key: 'no', title: t('member.no'), phone: 'hide', render: (m) => <span className="num">{m.memberNo}</span> },
    { key: 'phone', title: t('member.phone'), render: (m) => <span className="num">{m.fields.phone}</span> },
    { key: 'employer', title: t('member.employer'), render: (m) => <span className="clip">{m.fields.employer}</span> },
    { key: 'job', title: t('member.job'), phone: 'hide', render: (m) => m.fields.job },
    {
      key: 'joined',
      title: t('member.joinedOn'),
      phone: 'hide',
      render: (m) => <span className="num">{m.fields.joinedOn}</span>,
    },
    {
      key: 'state',
      title: t('member.state'),
      phone: 'badge',
      render: (m) => <Badge tone={membershipTone(m.state)}>{t(`code.membership.${m.state}`)}</Badge>,
    },
    {
      key: 'idNumber',
      title: t('member.idNumber'),
      optional: true,
      phone: 'hide',
      render: (m) => <span className="num">{m.fields.idNumber}</span>,
    },
    {
      key: 'sex',
      title: t('member.sex'),
      optional: true,
      phone: 'hide',
      render: (m) => (m.fields.sex ? t(`code.sex.${m.fields.sex}`) : ''),
    },
    {
      key: 'employment',
      title: t('member.employment'),
      optional: true,
      phone: 'hide',
      render: (m) => (m.fields.employment ? t(`code.employment.${m.fields.employment}`) : ''),
    },
    {
      key: 'updated',
      title: t('member.updated'),
      optional: true,
      phone: 'hide',
      render: (m) => <span className="num">{date(m.updatedAt)}</span>,
    },
  ];
  const add = can('member.write') && (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>
      {t('member.add')}
    </Button>
  );
  const bring = can('member.import') && (
    <Button icon={<UploadOutlined aria-hidden />} onClick={() => void navigate('/imports/new')}>
      {t('member.import')}
    </Button>
  );
  const acts = (
    <>
      {can('member.write') && (
        <Button icon={<QrcodeOutlined aria-hidden />} onClick={() => void navigate('/members/poster')}>
          {t('poster.open')}
        </Button>
      )}
      {can('member.export') && (
        <Button icon={<DownloadOutlined aria-hidden />} onClick={() => setExporting(true)}>
          {t('export.open')}
        </Button>
      )}
      {bring}
      {add}
    </>
  );
  return (
    <ListPage<Member>
      id="members"
      title={t('member.title')}
      purpose={t('member.purpose')}
      action={acts}
      columns={columns}
      filters={[
        { key: 'q', kind: 'search', label: t('member.searchLabel'), placeholder: t('member.search') },
        {
          key: 'state',
          kind: 'select',
          label: t('member.state'),
          options: [
            { value: '', label: t('member.stateFilter.active') },
            { value: 'withdrawn', label: t('member.stateFilter.withdrawn') },
            { value: 'deceased', label: t('member.stateFilter.deceased') },
            { value: 'all', label: t('member.stateFilter.all') },
          ],
        },
      ]}
      queryKey={[...keys.members, 'list']}
      load={async ({ filters, pageSize, pageToken }) => {
        const reply = await take(
          api.GET('/v1/members', {
            params: { query: { query: filters.q, state: filters.state, pageSize, pageToken } },
          }),
        );
        return { rows: reply.members, next: reply.nextPageToken, total: reply.total };
      }}
      rowKey={(m) => m.id}
      href={detail.href}
      open={detail.open}
      total={(n) => t('member.total', { n })}
      empty={{
        title: t('member.empty'),
        why: t('member.emptyWhy'),
        action: (
          <span className="acts">
            {bring}
            {add}
          </span>
        ),
      }}
    >
      <MemberDrawer id={detail.id} close={detail.close} />
      <ExportForm open={exporting} close={() => setExporting(false)} />
      <MemberForm
        target={adding ? { member: null } : null}
        close={() => setAdding(false)}
        done={(m) => detail.open(m.id)}
      />
    </ListPage>
  );
}
