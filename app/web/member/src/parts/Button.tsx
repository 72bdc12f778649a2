import type { ReactNode } from 'react';

interface Props {
  children: ReactNode;
  /** The one act of the page, or one that cannot be undone. */
  kind?: 'primary' | 'danger';
  /** At work: it answers no second press. */
  busy?: boolean;
  disabled?: boolean;
  type?: 'button' | 'submit';
  onClick?: () => void;
}

/** An act. */
export function Button({ children, kind, busy, disabled, type = 'button', onClick }: Props) {
  return (
    <button
      type={type}
      className={kind ? `button button-${kind}` : 'button'}
      aria-busy={busy || undefined}
      disabled={disabled || busy}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
