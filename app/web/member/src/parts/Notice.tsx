import { useEffect, useSyncExternalStore } from 'react';

/** Milliseconds that a notice stays. */
const STAY = 4000;

let current = '';
const listeners = new Set<() => void>();

/** say tells the person something in passing. */
export function say(text: string): void {
  current = text;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Where what is said appears; a screen reader hears it without being interrupted. */
export function Notice() {
  const text = useSyncExternalStore(subscribe, () => current);
  useEffect(() => {
    if (!text) return;
    const timer = setTimeout(() => say(''), STAY);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="notice" role="status">
      {text && <span>{text}</span>}
    </div>
  );
}
