import { useId } from 'react';

interface Props {
  label: string;
  value: string;
  change: (value: string) => void;
  options: readonly { value: string; text: string }[];
  /** What stands there while nothing is chosen; left out, there is always a choice. */
  empty?: string;
}

/** One of many: the phone shows its own picker. */
export function Select({ label, value, change, options, empty }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-box">
        <select id={id} value={value} onChange={(event) => change(event.target.value)}>
          {empty !== undefined && <option value="">{empty}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
