import { useCallback, useEffect, useState } from 'react';

/** What was revealed, and for how many seconds it is still shown. */
export interface Revealed {
  idNumber: string;
  phone: string;
  left: number;
}

/** Seconds for which ID number and phone stand on screen. */
const SHOWN = 60;

/** useRevealed keeps what was revealed of one member for a minute, and forgets it when another is opened. */
export function useRevealed(id: string | null): [Revealed | null, (full: { idNumber: string; phone: string }) => void] {
  const [shown, setShown] = useState<{ id: string | null; value: Revealed } | null>(null);
  const counting = shown !== null;
  useEffect(() => {
    if (!counting) return;
    const timer = setInterval(() => {
      setShown((s) => (s && s.value.left > 1 ? { ...s, value: { ...s.value, left: s.value.left - 1 } } : null));
    }, 1000);
    return () => clearInterval(timer);
  }, [counting]);
  useEffect(() => setShown((s) => (s?.id === id ? s : null)), [id]);
  const reveal = useCallback(
    (full: { idNumber: string; phone: string }) => setShown({ id, value: { ...full, left: SHOWN } }),
    [id],
  );
  return [shown?.id === id ? shown.value : null, reveal];
}
