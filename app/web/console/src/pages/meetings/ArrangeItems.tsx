import { api, take } from '@gonghui/api';
import { useCan, useT } from '@gonghui/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Form, Radio, Select, Switch } from 'antd';
import { useDeferredValue, useState } from 'react';
import { leads, MOST, type Place, placeKeys, spot } from './arrange.ts';
import type { Meeting } from './meetings.ts';

/** When people are reminded, and whether by text message too. */
export function ReminderItems({ old }: { old: Meeting | null }) {
  const t = useT();
  const can = useCan();
  const before = Form.useWatch<number[] | undefined>(['reminding', 'before']);
  const texts = can('meeting.text') || old?.reminding?.text;
  return (
    <>
      <Form.Item
        name={['reminding', 'before']}
        label={t('arrange.remind')}
        extra={t('arrange.remindHint')}
        rules={[{ type: 'array', max: MOST, message: t('arrange.remindMost', { count: MOST }) }]}
      >
        <Select
          mode="multiple"
          maxCount={MOST}
          showSearch={false}
          placeholder={t('arrange.noReminder')}
          options={leads.map((value) => ({ value, label: t(`arrange.leads.${value}`) }))}
        />
      </Form.Item>
      {texts && (
        <Form.Item
          name={['reminding', 'text']}
          label={t('arrange.text')}
          valuePropName="checked"
          extra={t('arrange.textHint')}
          hidden={before?.length === 0}
        >
          <Switch />
        </Form.Item>
      )}
    </>
  );
}

const answers = ['refuse', 'skip', 'online'] as const;

/** The room in which people sit together, and what becomes of the times at which it is taken. */
export function PlaceItems({ old }: { old: Meeting | null }) {
  const t = useT();
  const place = Form.useWatch<string | undefined>('placeId');
  const kind = Form.useWatch<string | undefined>(['repeat', 'kind']) ?? 'once';
  const following = Form.useWatch<boolean | undefined>('following');
  return (
    <>
      <Form.Item name="placeId" label={t('arrange.place')} extra={t('arrange.placeHint')}>
        <PlaceSelect own={old?.place} />
      </Form.Item>
      {place && (kind !== 'once' || following) && (
        <Form.Item name="taken" label={t('arrange.taken')} extra={t('arrange.takenHint')}>
          <Radio.Group
            className="choices"
            options={answers.map((value) => ({ value, label: t(`arrange.takenDo.${value}`) }))}
          />
        </Form.Item>
      )}
    </>
  );
}

interface SelectProps {
  id?: string;
  value?: string;
  onChange?: (id: string | undefined) => void;
  own?: Pick<Place, 'id' | 'name' | 'location'> | undefined;
}

function PlaceSelect({ id, value, onChange, own }: SelectProps) {
  const t = useT();
  const can = useCan();
  const [words, setWords] = useState('');
  const query = useDeferredValue(words.trim());
  const { data, isFetching } = useQuery({
    queryKey: [...placeKeys.list, 'choice', query],
    queryFn: () => take(api.GET('/v1/meetingPlaces', { params: { query: { query, pageSize: 50 } } })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const found = (data?.places ?? [])
    .filter((one) => one.bookers === 'hosts' || can('meeting.manage'))
    .map((one) => ({ value: one.id, label: `${spot(one)} · ${t('arrange.seatsN', { count: one.seats })}` }));
  const options =
    own && !found.some((one) => one.value === own.id) ? [...found, { value: own.id, label: spot(own) }] : found;
  return (
    <Select
      id={id}
      allowClear
      value={value}
      onChange={onChange}
      options={options}
      showSearch={{ filterOption: false, onSearch: setWords, searchValue: words }}
      loading={isFetching}
      placeholder={t('arrange.noPlace')}
      notFoundContent={t('arrange.noRooms')}
    />
  );
}
