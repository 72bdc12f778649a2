import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';

export interface MenuAct {
  key: string;
  text: string;
  icon?: ReactNode;
  /** Of a choice: whether it is the one that holds. */
  checked?: boolean;
  tone?: 'bad';
  run: () => void;
}

interface Props {
  label: string;
  className?: string;
  acts: readonly MenuAct[];
  children: ReactNode;
}

/** A button with a list of acts: arrows move in it, Esc closes it. */
export function Menu({ label, className = 'plain', acts, children }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = list.current;
    const at = button.current?.getBoundingClientRect();
    if (!open || !box || !at) return;
    // The list floats beside its button, wherever that is cut off, and stays within the window.
    const { offsetWidth: width, offsetHeight: height } = box;
    const below = at.bottom + 4 + height <= innerHeight;
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    box.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`;
    box.querySelector<HTMLElement>('button')?.focus();
  }, [open]);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      const target = event.target as Node;
      if (!list.current?.contains(target) && !button.current?.contains(target)) setOpen(false);
    };
    const shut = () => setOpen(false);
    document.addEventListener('pointerdown', outside);
    addEventListener('resize', shut);
    return () => {
      document.removeEventListener('pointerdown', outside);
      removeEventListener('resize', shut);
    };
  }, [open]);
  const keys = (event: KeyboardEvent) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const go = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (go !== undefined) {
      event.preventDefault();
      all[(go + all.length) % all.length]?.focus();
    }
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.stopPropagation();
      if (event.key === 'Escape') event.preventDefault();
      setOpen(false);
      button.current?.focus();
    }
  };
  if (acts.length === 0) return null;
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <div ref={list} id={id} className="menu" role="menu" aria-label={label} tabIndex={-1} onKeyDown={keys}>
          {acts.map((act) => (
            <button
              key={act.key}
              type="button"
              className={act.tone}
              {...(act.checked === undefined
                ? { role: 'menuitem' }
                : { role: 'menuitemradio', 'aria-checked': act.checked })}
              onClick={() => {
                setOpen(false);
                button.current?.focus();
                act.run();
              }}
            >
              {act.icon}
              {act.text}
            </button>
          ))}
        </div>
      )}
    </>
  );
}
