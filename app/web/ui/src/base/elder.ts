import { useSyncExternalStore } from 'react';
import { read, write } from './store.ts';

const KEY = 'elder';
const listeners = new Set<() => void>();
let on = false;

function show() {
  document.documentElement.toggleAttribute('data-elder', on);
  for (const listener of listeners) listener();
}

/** startElder marks the page before the first paint. */
export function startElder(): void {
  on = read(KEY) === 'on';
  show();
}

export function setElder(next: boolean): void {
  on = next;
  write(KEY, next ? 'on' : null);
  show();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether the elder version with its larger type and targets is on. */
export function useElder(): boolean {
  return useSyncExternalStore(subscribe, () => on);
}
