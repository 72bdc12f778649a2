import { useSyncExternalStore } from 'react';

const query = () => window.matchMedia('(min-width: 768px)');

const subscribe = (listener: () => void) => {
  const media = query();
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
};

/** Whether the screen is wider than a phone (768 px and more). */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => query().matches);
}
