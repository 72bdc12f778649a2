import { useRef } from 'react';

/**
 * useMade leads to what a form has made once the form is closed: before that its leave-guard would ask about work that is
 * not saved.
 */
export function useMade<T extends { id: string }>(open: (id: string) => void, close: () => void) {
  const made = useRef('');
  return {
    done: (one: T) => {
      made.current = one.id;
    },
    close: () => {
      close();
      if (made.current) open(made.current);
      made.current = '';
    },
  };
}
