import { useQueryClient } from '@tanstack/react-query';
import { bodyQuery, linesBelowQuery } from '../../data/queries.ts';

/** Asks for a body before it is opened, so that its page stands at once. */
export function useAhead(): (code: string) => void {
  const client = useQueryClient();
  return (code) => {
    void client.prefetchQuery(bodyQuery(code));
    void client.prefetchQuery(linesBelowQuery(code));
  };
}
