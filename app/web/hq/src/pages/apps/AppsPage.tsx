import { api, take } from '@gonghui/api';
import { count, dateTime, type ListColumn, ListPage, NoRight, useCan, useDetail, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { AppDrawer } from './AppDrawer.tsx';
import { appKeys, type FleetApp } from './apps.ts';
import { newest, State, Version } from './FleetParts.tsx';
import { RebuildForm } from './RebuildForm.tsx';

/** The apps of all bodies below: what they have published, on how many phones it is. */
export function AppsPage() {
  const t = useT();
  const can = useCan();
  const navigate = useNavigate();
  const detail = useDetail('/apps');
  const [asking, setAsking] = useState(false);
  if (!can('builder.oversee')) return <NoRight page what={t('fleet.title')} capability="builder.oversee" />;
  const columns: ListColumn<FleetApp>[] = [
    { key: 'body', title: t('fleet.body'), render: (app) => app.bodyName },
    {
      key: 'android',
      title: t('apps.channel.android'),
      render: (app) => <Version app={app} channel="android" />,
    },
    {
      key: 'state',
      title: t('fleet.state'),
      phone: 'badge',
      render: (app) => <State app={app} />,
    },
    {
      key: 'channels',
      title: t('fleet.channels'),
      render: (app) =>
        [...new Set(app.channels.map(({ channel }) => t(`apps.short.${channel}`)))].join(' · ') || '\u2014',
    },
    {
      key: 'devices',
      title: t('fleet.devices'),
      align: 'right',
      render: (app) => t('apps.devices', { count: Number(app.devices), n: count(app.devices) }),
    },
    {
      key: 'published',
      title: t('fleet.published'),
      phone: 'hide',
      render: (app) => <span className="num">{dateTime(newest(app)) || '\u2014'}</span>,
    },
    {
      key: 'code',
      title: t('fleet.code'),
      optional: true,
      render: (app) => <span className="num">{app.bodyCode}</span>,
    },
    { key: 'id', title: t('fleet.applicationId'), optional: true, render: (app) => app.applicationId },
  ];
  return (
    <ListPage<FleetApp>
      id="fleet"
      title={t('fleet.title')}
      purpose={t('fleet.purpose')}
      action={
        <span className="row-acts">
          <Link to="/apps/rebuilds" className="frame-link">
            {t('fleet.rebuilds.title')}
          </Link>
          {can('builder.rebuild') && (
            <Button type="primary" onClick={() => setAsking(true)}>
              {t('fleet.rebuild')}
            </Button>
          )}
        </span>
      }
      columns={columns}
      filters={[
        { key: 'search', kind: 'search', label: t('fleet.search'), placeholder: t('fleet.searchHint') },
        {
          key: 'shell',
          kind: 'select',
          label: t('fleet.state'),
          options: [
            { value: '', label: t('fleet.any') },
            { value: 'old', label: t('fleet.outdatedOnly') },
          ],
        },
      ]}
      queryKey={[...appKeys.all, 'list']}
      load={async ({ filters, pageSize, pageToken }) => {
        const { search = '', shell } = filters;
        const reply = await take(
          api.GET('/v1/fleet/apps', { params: { query: { search, outdated: shell === 'old', pageSize, pageToken } } }),
        );
        return { rows: reply.apps, next: reply.nextPageToken };
      }}
      rowKey={(app) => app.bodyCode}
      href={detail.href}
      open={detail.open}
      empty={{ title: t('fleet.empty'), why: t('fleet.emptyWhy') }}
    >
      <AppDrawer code={detail.id} close={detail.close} />
      <RebuildForm
        open={asking}
        close={() => setAsking(false)}
        done={({ id }) => void navigate(`/apps/rebuilds/${id}`)}
      />
    </ListPage>
  );
}
