import { read, write } from '@gonghui/ui';
import { useState } from 'react';

/** useKept is a switch that is on until the person turns it off; the device remembers. */
export function useKept(key: string): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => read(key) !== 'off');
  return [
    on,
    (next) => {
      setOn(next);
      write(key, next ? 'on' : 'off');
    },
  ];
}
