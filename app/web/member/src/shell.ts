/** The app's shell on the phone: the service worker that keeps it, and the version that waits to take over. */

const listeners = new Set<() => void>();
let next: ServiceWorker | null = null;

export const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether a newer version has been fetched and waits. */
export const waiting = (): boolean => next !== null;

function found(worker: ServiceWorker | null): void {
  // Without a controller this is the first installation: there is nothing that it would replace.
  if (!worker || !navigator.serviceWorker.controller) return;
  next = worker;
  for (const listener of listeners) listener();
}

/** takeOver lets the version that waits in, and starts the app anew in it. */
export function takeOver(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => window.location.reload(), { once: true });
  next?.postMessage('take over');
}

/** startShell has the app kept on the phone. Where the browser cannot, the app works as a page. */
export function startShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  window.addEventListener('load', async () => {
    try {
      const registration = await navigator.serviceWorker.register('/sw.js');
      found(registration.waiting);
      registration.addEventListener('updatefound', () => {
        const worker = registration.installing;
        worker?.addEventListener('statechange', () => worker.state === 'installed' && found(worker));
      });
    } catch {
      // Private windows and plain http refuse it.
    }
  });
}
