import { useSyncExternalStore } from 'react';
import { read, write } from './store.ts';

/** What the person chose; "system" follows the device. */
export type ModeChoice = 'system' | 'light' | 'dark';

const KEY = 'mode';
const device = () => window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

let choice: ModeChoice = (() => {
  const stored = typeof localStorage === 'undefined' ? null : read(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
})();

function dark(): boolean {
  return choice === 'dark' || (choice === 'system' && device().matches);
}

function changed() {
  document.documentElement.dataset.mode = dark() ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

export function setMode(next: ModeChoice): void {
  choice = next;
  write(KEY, next === 'system' ? null : next);
  changed();
}

/** startMode marks the page before the first paint and follows the device. */
export function startMode(): void {
  device().addEventListener('change', changed);
  changed();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function useMode(): { dark: boolean; choice: ModeChoice } {
  const isDark = useSyncExternalStore(subscribe, dark);
  const chosen = useSyncExternalStore(subscribe, () => choice);
  return { dark: isDark, choice: chosen };
}
