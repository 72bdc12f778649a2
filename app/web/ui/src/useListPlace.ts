import { useCallback, useMemo } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';

/** Where one stands in a list: the filters and the page, both in the address bar. */
export interface ListPlace {
  filters: Record<string, string>;
  /** Token of the page on screen; empty on the first one. */
  token: string;
  /** Number of the page, 1 first; 0 when the page was opened by its address alone and nobody knows. */
  page: number;
  filter: (changes: Record<string, string>) => void;
  next: (token: string) => void;
  previous: () => void;
  first: () => void;
}

/** Keyset paging knows only the way forward; the way back is kept in the history entry, which outlives a reload. */
interface Trail {
  tokens?: string[];
}

const AFTER = 'after';

export function useListPlace(keys: string[]): ListPlace {
  const [params] = useSearchParams();
  const location = useLocation();
  const navigate = useNavigate();
  const tokens = (location.state as Trail | null)?.tokens;
  const token = params.get(AFTER) ?? '';
  const joined = keys.join(' ');

  const filters = useMemo(
    () => Object.fromEntries(joined.split(' ').map((key) => [key, params.get(key) ?? ''])),
    [joined, params],
  );

  const go = useCallback(
    (change: (next: URLSearchParams) => void, trail: string[], replace: boolean) => {
      const next = new URLSearchParams(params);
      change(next);
      void navigate({ pathname: location.pathname, search: next.toString() }, { replace, state: { tokens: trail } });
    },
    [location.pathname, navigate, params],
  );

  return {
    filters,
    token,
    page: token === '' ? 1 : tokens ? tokens.length + 1 : 0,
    filter: (changes) =>
      go(
        (next) => {
          next.delete(AFTER);
          for (const [key, value] of Object.entries(changes)) {
            if (value) next.set(key, value);
            else next.delete(key);
          }
        },
        [],
        true,
      ),
    next: (to) => go((next) => next.set(AFTER, to), [...(tokens ?? []), to], false),
    previous: () => {
      const trail = (tokens ?? []).slice(0, -1);
      const to = trail[trail.length - 1];
      go((next) => (to ? next.set(AFTER, to) : next.delete(AFTER)), trail, false);
    },
    first: () => go((next) => next.delete(AFTER), [], false),
  };
}
