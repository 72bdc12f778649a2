import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { useLocale } from './base/i18n.ts';

interface Props {
  id?: string;
  /** YYYY-MM-DD, or empty. */
  value?: string;
  onChange?: (value: string) => void;
  placeholder?: string;
  disabled?: boolean;
  /** For a day that has no label of a form. */
  label?: string;
}

/** A day, as text in the form of the API. */
export function DateInput({ id, value, onChange, placeholder, disabled, label }: Props) {
  dayjs.locale(useLocale() === 'zh' ? 'zh-cn' : 'en');
  return (
    <DatePicker
      id={id}
      value={value ? dayjs(value) : null}
      onChange={(day) => onChange?.(day ? day.format('YYYY-MM-DD') : '')}
      placeholder={placeholder ?? 'YYYY-MM-DD'}
      disabled={disabled}
      aria-label={label}
      format="YYYY-MM-DD"
      style={{ width: '100%' }}
    />
  );
}
