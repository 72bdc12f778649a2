import { useSyncExternalStore } from 'react';

/** The browser's offer to put the app on the device: it comes once, early, and is kept for the page that uses it. */
interface Offer extends Event {
  prompt: () => Promise<void>;
  userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

let offer: Offer | null = null;
let installed = false;
const listeners = new Set<() => void>();

function set(next: Offer | null, done = installed): void {
  offer = next;
  installed = done;
  for (const listener of listeners) listener();
}

/** startInstalling waits for the offer; call it before the first paint. */
export function startInstalling(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    // No bar of the browser's own over the page: installing is offered where somebody looks for it.
    event.preventDefault();
    set(event as Offer);
  });
  window.addEventListener('appinstalled', () => set(null, true));
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether the page runs as an app from the home screen. */
export const standalone = (): boolean =>
  window.matchMedia('(display-mode: standalone)').matches ||
  ('standalone' in navigator && navigator.standalone === true);

/** Whether the browser can put the app on the device at a press, and whether it has just done so. */
export function useInstalling(): { can: boolean; installed: boolean } {
  const can = useSyncExternalStore(subscribe, () => offer !== null);
  const done = useSyncExternalStore(subscribe, () => installed);
  return { can, installed: done };
}

/** install asks the person by the browser's own dialog. True when they agreed; an offer is good for one question. */
export async function install(): Promise<boolean> {
  if (!offer) return false;
  const asked = offer;
  set(null);
  await asked.prompt();
  return (await asked.userChoice).outcome === 'accepted';
}
