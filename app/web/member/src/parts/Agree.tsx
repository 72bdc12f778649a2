import { useT } from '@gonghui/ui/base';
import { useId } from 'react';
import { LegalLinks } from './LegalLinks.tsx';

interface Props {
  on: boolean;
  change: (on: boolean) => void;
  /** Asked to go on without a tick. */
  missing: boolean;
}

/** The tick without which nobody comes in by a code. */
export function Agree({ on, change, missing }: Props) {
  const t = useT();
  const id = useId();
  return (
    <div className="field">
      <div className="agree">
        <input
          id={id}
          type="checkbox"
          checked={on}
          onChange={(event) => change(event.target.checked)}
          aria-invalid={missing}
          aria-describedby={missing ? `${id}-note` : undefined}
        />
        <label htmlFor={id}>
          <LegalLinks />
        </label>
      </div>
      {missing && (
        <p id={`${id}-note`} className="field-error" role="alert">
          {t('member.consent.needed')}
        </p>
      )}
    </div>
  );
}
