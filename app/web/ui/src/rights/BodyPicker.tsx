import { api, take } from '@gonghui/api';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useMe, useT } from '../index.ts';

interface Props {
  id?: string;
  /** What it is called where no label stands beside it. */
  label?: string;
  /** Codes of the bodies chosen; empty for the own one where one is asked for. */
  value?: string[];
  onChange?: (codes: string[]) => void;
  /** Only one can be chosen. */
  single?: boolean;
}

/** Bodies as a field of a form, found by name, pinyin or code. */
export function BodyPicker({ id, label, value = [], onChange, single }: Props) {
  const t = useT();
  const me = useMe();
  const [words, setWords] = useState('');
  const query = useDeferredValue(words.trim());
  const found = useQuery({
    queryKey: ['bodies', query],
    enabled: query !== '',
    queryFn: async () =>
      (await take(api.GET('/v1/bodies:search', { params: { query: { query, pageSize: 20 } } }))).bodies,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const names = useQueries({
    queries: value.map((code) => ({
      queryKey: ['bodies', 'name', code],
      queryFn: async () => (await take(api.GET('/v1/bodies/{code}', { params: { path: { code } } }))).body.name,
      staleTime: 300_000,
    })),
  });
  const options = [
    { value: me.place.bodyCode, label: me.place.bodyName },
    ...value.map((code, n) => ({ value: code, label: names[n]?.data ?? code })),
    ...(query ? (found.data ?? []).map((body) => ({ value: body.code, label: body.name })) : []),
  ].filter((option, n, all) => all.findIndex((one) => one.value === option.value) === n);
  const search = { filterOption: false as const, onSearch: setWords, searchValue: words };
  const shared = {
    id,
    'aria-label': label,
    options,
    showSearch: search,
    loading: found.isFetching,
    placeholder: t('rights.findBody'),
    notFoundContent: query && found.data ? t('rights.findBodyNone') : t('rights.findBody'),
  };
  return single ? (
    <Select
      {...shared}
      value={value[0]}
      onChange={(code: string) => {
        setWords('');
        onChange?.([code]);
      }}
    />
  ) : (
    <Select
      {...shared}
      mode="multiple"
      value={value}
      onChange={(codes: string[]) => {
        setWords('');
        onChange?.(codes);
      }}
    />
  );
}
