import { useT } from '@gonghui/ui/base';
import { codeDigits } from '../rules/countdown.ts';
import { Field } from './Field.tsx';

interface Props {
  value: string;
  change: (value: string) => void;
  error?: string;
  /** Seconds until another code may be asked for. */
  left: number;
  again: () => void;
  first?: boolean;
  /** None was asked for yet. */
  unsent?: boolean;
}

/** The field of a code from an SMS: the phone offers it by itself, a pasted message will do. */
export function CodeField({ value, change, error, left, again, first, unsent }: Props) {
  const t = useT();
  return (
    <Field
      label={t('member.code.label')}
      value={value}
      change={(typed) => change(codeDigits(typed))}
      error={error}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={60}
      first={first}
      act={{
        label:
          left > 0 ? t('member.code.wait', { seconds: left }) : t(unsent ? 'member.code.get' : 'member.code.again'),
        disabled: left > 0,
        run: again,
      }}
    />
  );
}
