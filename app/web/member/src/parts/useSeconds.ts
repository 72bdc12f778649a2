import { useEffect, useState } from 'react';
import { secondsLeft } from '../rules/countdown.ts';

/** Seconds left until a moment (Unix milliseconds), counted down on screen. */
export function useSeconds(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  const left = secondsLeft(until, now);
  const over = left === 0;
  useEffect(() => {
    if (over && secondsLeft(until, Date.now()) === 0) return;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [until, over]);
  return left;
}
