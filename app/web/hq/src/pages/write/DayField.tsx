import { date } from '@gonghui/ui';
import { Input } from 'antd';

interface Props {
  id?: string;
  /** YYYY-MM-DD */
  value?: string;
  onChange?: (day: string) => void;
}

/** A day, no later than today: the browser's own field, which every phone and keyboard knows. */
export function DayField({ id, value = '', onChange }: Props) {
  return (
    <Input
      id={id}
      type="date"
      min="1900-01-01"
      max={date(new Date())}
      value={value}
      onChange={(event) => onChange?.(event.target.value)}
    />
  );
}
