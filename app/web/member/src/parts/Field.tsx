import { useId } from 'react';

interface Props {
  label: string;
  value: string;
  change: (value: string) => void;
  help?: string;
  error?: string;
  type?: 'text' | 'tel' | 'password';
  autoComplete: string;
  maxLength: number;
  /** An act at the right of the field, such as showing a password. */
  act?: { label: string; pressed: boolean; run: () => void };
}

/** One field of a form: label above, help or error below. */
export function Field({ label, value, change, help, error, type = 'text', autoComplete, maxLength, act }: Props) {
  const id = useId();
  const note = error || help;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className={error ? 'field-box wrong' : 'field-box'}>
        <input
          id={id}
          value={value}
          onChange={(event) => change(event.target.value)}
          type={type}
          autoComplete={autoComplete}
          maxLength={maxLength}
          aria-invalid={!!error}
          aria-describedby={note ? `${id}-note` : undefined}
        />
        {act && (
          <button type="button" className="plain" aria-pressed={act.pressed} onClick={act.run}>
            {act.label}
          </button>
        )}
      </div>
      {note && (
        <p id={`${id}-note`} className={error ? 'field-error' : 'small'} role={error ? 'alert' : undefined}>
          {note}
        </p>
      )}
    </div>
  );
}
