import { type RefObject, useEffect, useState } from 'react';

/** Pixels of pull after which letting go refreshes, and the most that the page follows. */
const ENOUGH = 64;
const MOST = 96;

export type Pull = { by: number; state: 'rest' | 'pulling' | 'ready' | 'busy' };

/** How far the page follows a finger: less and less, so that it feels held. */
export function follow(finger: number): number {
  return finger <= 0 ? 0 : MOST * (1 - Math.exp(-finger / MOST / 1.4));
}

/** usePull lets a finger that pulls the top of the page down refresh it. */
export function usePull(ref: RefObject<HTMLElement | null>, refresh: () => Promise<unknown>): Pull {
  const [pull, setPull] = useState<Pull>({ by: 0, state: 'rest' });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    let start: number | null = null;
    let by = 0;
    let busy = false;
    const down = (event: TouchEvent) => {
      start = !busy && window.scrollY <= 0 ? (event.touches[0]?.clientY ?? null) : null;
    };
    const move = (event: TouchEvent) => {
      if (start === null) return;
      by = follow((event.touches[0]?.clientY ?? start) - start);
      setPull({ by, state: by === 0 ? 'rest' : by >= ENOUGH ? 'ready' : 'pulling' });
    };
    const up = async () => {
      if (start === null) return;
      start = null;
      if (by >= ENOUGH) {
        busy = true;
        setPull({ by: ENOUGH, state: 'busy' });
        await refresh();
        busy = false;
      }
      by = 0;
      setPull({ by: 0, state: 'rest' });
    };
    const passive = { passive: true };
    element.addEventListener('touchstart', down, passive);
    element.addEventListener('touchmove', move, passive);
    element.addEventListener('touchend', up);
    element.addEventListener('touchcancel', up);
    return () => {
      element.removeEventListener('touchstart', down);
      element.removeEventListener('touchmove', move);
      element.removeEventListener('touchend', up);
      element.removeEventListener('touchcancel', up);
    };
  }, [ref, refresh]);
  return pull;
}
