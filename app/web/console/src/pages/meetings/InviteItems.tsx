import { api, take } from '@gonghui/api';
import { useMe, useT } from '@gonghui/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Form, Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { type Meeting, meetingKeys } from './meetings.ts';

/** Whom an invitation reaches beyond those named: groups, other bodies, all below one. */
export function InviteItems({ old }: { old: Meeting | null }) {
  const { place } = useMe();
  const t = useT();
  const own = { value: place.bodyCode, label: place.bodyName };
  return (
    <>
      <Form.Item name="groups" label={t('planning.groups')} extra={t('planning.groupsHint')}>
        <GroupSelect old={old} />
      </Form.Item>
      <Form.Item name="bodies" label={t('planning.bodies')} extra={t('planning.bodiesHint')}>
        <BodySelect old={old} />
      </Form.Item>
      <Form.Item name="subtrees" label={t('planning.subtrees')} extra={t('planning.subtreesHint')}>
        <BodySelect old={old} own={own} />
      </Form.Item>
    </>
  );
}

interface SelectProps {
  id?: string;
  value?: string[];
  onChange?: (chosen: string[]) => void;
  old: Meeting | null;
  /** Offered before anything is looked for. */
  own?: { value: string; label: string };
}

function GroupSelect({ id, value, onChange, old }: SelectProps) {
  const t = useT();
  const [words, setWords] = useState('');
  const query = useDeferredValue(words.trim());
  const { data, isFetching } = useQuery({
    queryKey: [...meetingKeys.list, 'groups', query],
    queryFn: () => take(api.GET('/v1/meetings:groups', { params: { query: { query } } })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const known = (old?.targets ?? [])
    .filter((one) => one.groupId)
    .map((one) => ({ value: one.groupId, label: one.name }));
  const found = (data?.groups ?? []).map((one) => ({
    value: one.id,
    label: `${one.name} · ${t('planning.memberN', { count: one.members })}`,
  }));
  return (
    <Picker
      id={id}
      value={value}
      onChange={onChange}
      options={[...found, ...known]}
      search={setWords}
      words={words}
      loading={isFetching}
      placeholder={t('planning.findGroup')}
    />
  );
}

function BodySelect({ id, value, onChange, old, own }: SelectProps) {
  const t = useT();
  const [words, setWords] = useState('');
  const [seen, setSeen] = useState<{ value: string; label: string }[]>([]);
  const query = useDeferredValue(words.trim());
  const { data, isFetching } = useQuery({
    queryKey: ['bodies', query],
    enabled: query !== '',
    queryFn: async () =>
      (await take(api.GET('/v1/bodies:search', { params: { query: { query, pageSize: 20 } } }))).bodies,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const found = query ? (data ?? []).map((body) => ({ value: body.code, label: body.name })) : [];
  const known = (old?.targets ?? [])
    .filter((one) => one.bodyCode)
    .map((one) => ({ value: one.bodyCode, label: one.name }));
  const options = [...(own ? [own] : []), ...found, ...seen, ...known];
  return (
    <Picker
      id={id}
      value={value}
      onChange={(chosen) => {
        setSeen(options.filter((one) => chosen.includes(one.value)));
        onChange?.(chosen);
      }}
      options={options}
      search={setWords}
      words={words}
      loading={isFetching}
      placeholder={t('planning.findBody')}
    />
  );
}

interface PickerProps {
  id?: string;
  value?: string[];
  onChange?: (chosen: string[]) => void;
  options: { value: string; label: string }[];
  search: (words: string) => void;
  words: string;
  loading: boolean;
  placeholder: string;
}

function Picker({ id, value, onChange, options, search, words, loading, placeholder }: PickerProps) {
  const t = useT();
  return (
    <Select
      id={id}
      mode="multiple"
      value={value}
      options={options.filter((one, n) => options.findIndex((other) => other.value === one.value) === n)}
      showSearch={{ filterOption: false, onSearch: search, searchValue: words }}
      loading={loading}
      placeholder={placeholder}
      notFoundContent={words ? t('planning.nothing') : placeholder}
      onChange={(chosen: string[]) => {
        search('');
        onChange?.(chosen);
      }}
    />
  );
}
