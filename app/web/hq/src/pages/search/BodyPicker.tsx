import { useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { bodyQuery, searchQuery } from '../../data/queries.ts';
import { PathOf } from './PathOf.tsx';
import { useSettled } from './useSettled.ts';

const QUIET = 150;

interface Props {
  id?: string;
  /** The code of the body chosen. */
  value?: string;
  onChange?: (code: string | undefined) => void;
  /** May be left empty. */
  clearable?: boolean;
}

/** A body as a field of a form. */
export function BodyPicker({ id, value, onChange, clearable = false }: Props) {
  const t = useT();
  const [words, setWords] = useState('');
  const settled = useSettled(words.trim(), QUIET);
  const found = useQuery(searchQuery(settled));
  const chosen = useQuery({ ...bodyQuery(value ?? ''), enabled: !!value });
  const options = (settled ? (found.data ?? []) : []).map((body) => ({ value: body.code, label: body.name }));
  if (chosen.data && !options.some((option) => option.value === value)) {
    options.unshift({ value: chosen.data.body.code, label: chosen.data.body.name });
  }
  return (
    <Select
      id={id}
      showSearch={{ filterOption: false, onSearch: setWords, searchValue: words }}
      allowClear={clearable}
      value={value || undefined}
      placeholder={t('hq.form.pick')}
      options={options}
      loading={found.isFetching}
      notFoundContent={settled && found.data ? t('hq.search.none', { words: settled }) : t('hq.form.pick')}
      optionRender={(option) => (
        <span className="find-one">
          <span className="find-name">{option.label}</span>
          <PathOf code={String(option.value)} top={t('hq.search.top')} />
        </span>
      )}
      onChange={(code: string | undefined) => {
        setWords('');
        onChange?.(code);
      }}
    />
  );
}
