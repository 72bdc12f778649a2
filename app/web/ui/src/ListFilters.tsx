import { FilterOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, Input, type InputRef, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useT } from './base/i18n.ts';
import { DateInput } from './DateInput.tsx';
import { useWide } from './useWide.ts';

/** One condition of a list. The empty value means the list's own default. */
export type ListFilter =
  | { key: string; kind: 'search'; label: string; placeholder: string }
  | { key: string; kind: 'date'; label: string }
  | { key: string; kind: 'text'; label: string }
  | { key: string; kind: 'select'; label: string; options: { value: string; label: string }[] };

interface Props {
  filters: ListFilter[];
  values: Record<string, string>;
  change: (changes: Record<string, string>) => void;
}

/** The filters of a list in one row; on a phone all but the search fold away. */
export function ListFilters({ filters, values, change }: Props) {
  const t = useT();
  const wide = useWide();
  const search = filters.find((f) => f.kind === 'search');
  const others = filters.filter((f) => f.kind !== 'search');
  const inUse = others.filter((f) => values[f.key]).length;
  const [unfolded, setUnfolded] = useState(inUse > 0);
  return (
    <search className="list-filters">
      {search && (
        <SearchBox
          label={search.label}
          placeholder={search.placeholder}
          value={values[search.key] ?? ''}
          change={(value) => change({ [search.key]: value })}
        />
      )}
      {!wide && others.length > 0 && (
        <Button icon={<FilterOutlined aria-hidden />} aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
          {t('list.filters')}
          {inUse > 0 && ` ${inUse}`}
        </Button>
      )}
      {(wide || unfolded) &&
        others.map((f) =>
          f.kind === 'date' ? (
            <DateFilter
              key={f.key}
              label={f.label}
              value={values[f.key] ?? ''}
              change={(value) => change({ [f.key]: value })}
            />
          ) : f.kind === 'text' ? (
            <TextFilter
              key={f.key}
              label={f.label}
              value={values[f.key] ?? ''}
              change={(value) => change({ [f.key]: value })}
            />
          ) : (
            <Select
              key={f.key}
              aria-label={f.label}
              value={values[f.key] ?? ''}
              options={f.options}
              onChange={(value: string) => change({ [f.key]: value })}
              popupMatchSelectWidth={false}
              style={{ minWidth: 128 }}
              showSearch={f.options.length > MANY ? { optionFilterProp: 'label' } : false}
            />
          ),
        )}
    </search>
  );
}

/** From so many options on, a choice can be typed. */
const MANY = 12;

interface ValueProps {
  label: string;
  value: string;
  change: (value: string) => void;
}

/** A day as a condition. */
function DateFilter({ label, value, change }: ValueProps) {
  return (
    <span className="list-date">
      <DateInput label={label} value={value} onChange={change} placeholder={label} />
    </span>
  );
}

/** A text that has to be met exactly, or by its beginning: looked for when it is complete. */
function TextFilter({ label, value, change }: ValueProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const settle = () => {
    if (text.trim() !== value) change(text.trim());
  };
  return (
    <Input
      className="list-text"
      aria-label={label}
      placeholder={label}
      allowClear
      maxLength={80}
      value={text}
      onChange={(e) => {
        setText(e.target.value);
        if (e.target.value === '') change('');
      }}
      onPressEnter={settle}
      onBlur={settle}
    />
  );
}

/** Milliseconds of rest after which what was typed is looked for. */
const REST = 250;

interface SearchBoxProps {
  label: string;
  placeholder: string;
  value: string;
  change: (value: string) => void;
}

/** A search field: / jumps into it, typing searches after a short rest, not while a Chinese word is being composed. */
export function SearchBox({ label, placeholder, value, change }: SearchBoxProps) {
  const t = useT();
  const input = useRef<InputRef>(null);
  const [text, setText] = useState(value);
  const composing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The page may have moved on while the text rested: a row was opened, another filter chosen.
  const latest = useRef(change);
  latest.current = change;
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      const on = event.target as HTMLElement;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (on.closest('input, textarea, select, [contenteditable="true"], .ant-drawer, .ant-modal')) return;
      event.preventDefault();
      input.current?.focus({ cursor: 'all' });
    };
    document.addEventListener('keydown', jump);
    return () => document.removeEventListener('keydown', jump);
  }, []);
  const later = (next: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => latest.current(next.trim()), REST);
  };
  return (
    <Input
      ref={input}
      className="list-search"
      type="search"
      aria-label={label}
      placeholder={placeholder}
      title={t('list.shortcut')}
      prefix={<SearchOutlined aria-hidden />}
      allowClear
      maxLength={60}
      value={text}
      onCompositionStart={() => {
        composing.current = true;
      }}
      onCompositionEnd={(e) => {
        composing.current = false;
        later(e.currentTarget.value);
      }}
      onChange={(e) => {
        setText(e.target.value);
        if (!composing.current) later(e.target.value);
      }}
      onPressEnter={() => {
        clearTimeout(timer.current);
        if (!composing.current) change(text.trim());
      }}
      onKeyDown={(e) => {
        if (e.key === 'Escape' && text) {
          e.stopPropagation();
          setText('');
          change('');
        }
      }}
    />
  );
}
