import type { QueryClient } from '@tanstack/react-query';

const stale = ['body', 'lines-below', 'figures', 'child-figures', 'events', 'search'];

/** Asks again for everything that a change of the directory has put out of date. */
export function refreshDirectory(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ predicate: (query) => stale.includes(String(query.queryKey[0])) });
}
