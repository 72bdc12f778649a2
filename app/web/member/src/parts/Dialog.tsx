import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';

interface Props {
  className?: string;
  /** What the dialog is called: by an element in it, or in words. */
  labelledBy?: string;
  label?: string;
  close: () => void;
  children: ReactNode;
}

const REACHABLE = 'a[href], button:not(:disabled), input, select, textarea, [tabindex="0"]';

/**
 * What stands over the page until it is answered. The browser keeps the focus inside and closes by Esc; Safari can that from 15.4
 * on, and before the element does the same by hand.
 */
export function Dialog({ className = 'ask', labelledBy, label, close, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (typeof element.showModal === 'function') {
      element.showModal();
      return;
    }
    const before = document.activeElement as HTMLElement | null;
    element.setAttribute('open', '');
    element.classList.add('by-hand');
    element.setAttribute('role', 'dialog');
    element.setAttribute('aria-modal', 'true');
    element.querySelector<HTMLElement>(REACHABLE)?.focus();
    return () => before?.focus();
  }, []);
  const byHand = (event: KeyboardEvent<HTMLDialogElement>) => {
    const element = event.currentTarget;
    if (!element.classList.contains('by-hand')) return;
    if (event.key === 'Escape') close();
    if (event.key !== 'Tab') return;
    const all = [...element.querySelectorAll<HTMLElement>(REACHABLE)];
    const [first, last] = [all[0], all[all.length - 1]];
    const leaving = event.shiftKey ? first : last;
    if (document.activeElement !== leaving) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  };
  return (
    <dialog
      ref={dialog}
      className={className}
      aria-labelledby={labelledBy}
      aria-label={label}
      onClose={close}
      onKeyDown={byHand}
    >
      {children}
    </dialog>
  );
}
