import { api, take } from '@gonghui/api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useT } from '../index.ts';

interface Props {
  id?: string;
  /** What it is called where no label stands beside it. */
  label?: string;
  /** identity | post | group | app */
  kind: string;
  /** The body whose they are; the own one without. */
  home?: string;
  /** The id of the one chosen. */
  value?: string;
  onChange?: (id: string, name: string) => void;
}

/** A person, post, group or app of the body as a field of a form, found by name. */
export function SubjectPicker({ id, label, kind, home = '', value, onChange }: Props) {
  const t = useT();
  const [words, setWords] = useState('');
  const query = useDeferredValue(words.trim());
  const found = useQuery({
    queryKey: ['subjects', home, kind, query],
    queryFn: () =>
      take(api.GET('/v1/access/subjects', { params: { query: { kind, query, homeCode: home, pageSize: 50 } } })),
    placeholderData: keepPreviousData,
  });
  const role = (note: string) => (kind === 'identity' && note ? t(`role.${note}`) : note);
  return (
    <Select
      id={id}
      aria-label={label}
      showSearch={{ filterOption: false, onSearch: setWords, searchValue: words }}
      value={value || undefined}
      placeholder={t(`grants.find.${kind}`)}
      loading={found.isFetching}
      notFoundContent={found.isPending ? null : t('grants.findNone')}
      options={(found.data?.subjects ?? []).map((s) => ({
        value: s.id,
        name: s.name,
        label: s.note ? `${s.name} · ${role(s.note)}` : s.name,
      }))}
      onChange={(chosen: string, option) => {
        setWords('');
        onChange?.(chosen, Array.isArray(option) ? '' : String(option?.name ?? ''));
      }}
    />
  );
}
