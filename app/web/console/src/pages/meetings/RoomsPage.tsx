import { CalendarOutlined, PlusOutlined } from '@ant-design/icons';
import { api, keyed, take } from '@gonghui/api';
import { Badge, FormDrawer, LinkButton, type ListColumn, ListPage, NoRight, useAct, useCan, useT } from '@gonghui/ui';
import { Button, Form, Input, InputNumber, Radio, Space, Switch } from 'antd';
import { useState } from 'react';
import { type Place, placeKeys } from './arrange.ts';

const bookers = ['hosts', 'managers'] as const;

interface Values {
  name: string;
  location?: string;
  seats: number;
  equipment?: string;
  bookers: string;
  closed?: boolean;
}

/** The rooms of the body in which people meet. */
export function RoomsPage() {
  const t = useT();
  const can = useCan();
  const [target, setTarget] = useState<Place | 'new' | null>(null);
  if (!can('meeting.host')) return <NoRight page what={t('arrange.rooms')} />;
  const manages = can('meeting.manage');
  const columns: ListColumn<Place>[] = [
    { key: 'name', title: t('arrange.name'), render: (p) => p.name },
    { key: 'location', title: t('arrange.location'), render: (p) => p.location },
    {
      key: 'seats',
      title: t('arrange.seats'),
      align: 'right',
      render: (p) => <span className="num">{t('arrange.seatsN', { count: p.seats })}</span>,
    },
    { key: 'equipment', title: t('arrange.equipment'), render: (p) => p.equipment },
    { key: 'bookers', title: t('arrange.bookers'), phone: 'hide', render: (p) => t(`arrange.bookedBy.${p.bookers}`) },
    {
      key: 'state',
      title: t('arrange.state'),
      phone: 'badge',
      render: (p) => (
        <Badge tone={p.closed ? 'plain' : 'good'}>{t(p.closed ? 'arrange.closed' : 'arrange.open')}</Badge>
      ),
    },
  ];
  if (manages) {
    columns.push({
      key: 'act',
      title: t('arrange.act'),
      align: 'right',
      render: (p) => (
        <Button size="small" aria-label={t('arrange.editOf', { name: p.name })} onClick={() => setTarget(p)}>
          {t('arrange.edit')}
        </Button>
      ),
    });
  }
  const add = manages && (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setTarget('new')}>
      {t('arrange.add')}
    </Button>
  );
  return (
    <ListPage<Place>
      id="meeting-rooms"
      title={t('arrange.rooms')}
      purpose={t('arrange.purpose')}
      action={
        <Space wrap>
          <LinkButton to="/meetings/rooms/day" icon={<CalendarOutlined aria-hidden />}>
            {t('arrange.day')}
          </LinkButton>
          {add}
        </Space>
      }
      columns={columns}
      filters={[{ kind: 'search', key: 'q', label: t('arrange.searchLabel'), placeholder: t('arrange.search') }]}
      queryKey={[...placeKeys.list, 'all']}
      load={async ({ filters, pageSize, pageToken }) => {
        const query = { query: filters.q, whole: true, pageSize, pageToken };
        const reply = await take(api.GET('/v1/meetingPlaces', { params: { query } }));
        return { rows: reply.places, next: reply.nextPageToken };
      }}
      rowKey={(p) => p.id}
      empty={{ title: t('arrange.empty'), why: t('arrange.emptyWhy'), action: add }}
    >
      <RoomForm target={target} close={() => setTarget(null)} />
    </ListPage>
  );
}

function RoomForm({ target, close }: { target: Place | 'new' | null; close: () => void }) {
  const t = useT();
  const old = target === 'new' ? null : target;
  const save = useAct({
    run: ({ closed = false, name, location = '', equipment = '', ...rest }: Values, key) => {
      const place = { name: name.trim(), location: location.trim(), equipment: equipment.trim(), ...rest };
      if (!old) return take(api.POST('/v1/meetingPlaces', { body: { place }, headers: keyed(key) }));
      const { id, version } = old;
      return take(
        api.PUT('/v1/meetingPlaces/{id}', { params: { path: { id } }, body: { id, place, closed, version } }),
      );
    },
    refresh: [placeKeys.list],
    said: t('arrange.saved'),
    quiet: true,
  });
  return (
    <FormDrawer<Values>
      open={target !== null}
      title={t(old ? 'arrange.editTitle' : 'arrange.add')}
      prefix="place."
      initial={old ?? { seats: 20, bookers: 'hosts' }}
      submit={(values) => save.mutateAsync(values)}
      close={close}
    >
      <Form.Item
        name="name"
        label={t('arrange.name')}
        rules={[{ required: true, whitespace: true, message: t('arrange.needName') }]}
      >
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="location" label={t('arrange.location')} extra={t('arrange.locationHint')}>
        <Input maxLength={120} />
      </Form.Item>
      <Form.Item name="seats" label={t('arrange.seats')} rules={[{ required: true, message: t('arrange.needSeats') }]}>
        <InputNumber min={1} max={100000} precision={0} />
      </Form.Item>
      <Form.Item name="equipment" label={t('arrange.equipment')} extra={t('arrange.equipmentHint')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="bookers" label={t('arrange.bookers')}>
        <Radio.Group
          className="choices"
          options={bookers.map((value) => ({ value, label: t(`arrange.bookedBy.${value}`) }))}
        />
      </Form.Item>
      {old && (
        <Form.Item name="closed" label={t('arrange.close')} valuePropName="checked" extra={t('arrange.closeHint')}>
          <Switch />
        </Form.Item>
      )}
    </FormDrawer>
  );
}
