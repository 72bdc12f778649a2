import { useId } from 'react';

interface Props<T extends string> {
  label: string;
  options: readonly { value: T; text: string; lang?: string }[];
  value: T;
  change: (value: T) => void;
}

/** One of a few, side by side. */
export function Choice<T extends string>({ label, options, value, change }: Props<T>) {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      <div className="choice-row">
        {options.map((option) => (
          <label key={option.value} className="choice-one" lang={option.lang}>
            <input type="radio" name={name} checked={option.value === value} onChange={() => change(option.value)} />
            <span>{option.text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
