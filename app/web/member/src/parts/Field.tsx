import { useEffect, useId, useRef } from 'react';

interface Props {
  label: string;
  value: string;
  change: (value: string) => void;
  help?: string;
  error?: string;
  type?: 'text' | 'tel' | 'password';
  /** The keyboard that a phone offers. */
  inputMode?: 'text' | 'numeric' | 'tel';
  autoComplete: string;
  maxLength: number;
  /** The field that the page is about: the keyboard opens at once. */
  first?: boolean;
  /** An act at the right of the field, such as showing a password. */
  act?: { label: string; pressed?: boolean; disabled?: boolean; run: () => void };
}

/** One field of a form: label above, help or error below. */
export function Field(props: Props) {
  const { label, value, change, help, error, type = 'text', inputMode, autoComplete, maxLength, first, act } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (first) input.current?.focus();
  }, [first]);
  const note = error || help;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className={error ? 'field-box wrong' : 'field-box'}>
        <input
          ref={input}
          id={id}
          value={value}
          onChange={(event) => change(event.target.value)}
          type={type}
          inputMode={inputMode}
          autoComplete={autoComplete}
          maxLength={maxLength}
          aria-invalid={!!error}
          aria-describedby={note ? `${id}-note` : undefined}
        />
        {act && (
          <button type="button" className="plain" aria-pressed={act.pressed} disabled={act.disabled} onClick={act.run}>
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
