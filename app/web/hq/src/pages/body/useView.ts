import { useSearchParams } from 'react-router';
import type { Line } from './line.ts';

export const DAYS = [30, 90, 365] as const;

/** What of a body is looked at; all of it stands in the address. */
export interface View {
  line: string | null;
  metric: string | null;
  /** Days of trend. */
  days: number;
  /** What is open beside the page: events | new | move | ask. */
  panel: string | null;
}

export function readView(search: URLSearchParams): View {
  const days = Number(search.get('days'));
  return {
    line: search.get('line'),
    metric: search.get('metric'),
    days: DAYS.find((d) => d === days) ?? DAYS[0],
    panel: search.get('panel'),
  };
}

/** The address of a body, keeping line, metric and period. */
export function bodyAddress(code: string, view: { line: Line | null; metric: string | null; days?: number }): string {
  const search = new URLSearchParams();
  if (view.line) search.set('line', view.line);
  if (view.metric) search.set('metric', view.metric);
  if (view.days && view.days !== DAYS[0]) search.set('days', String(view.days));
  const query = search.toString();
  return `/b/${encodeURIComponent(code)}${query ? `?${query}` : ''}`;
}

/** The view in the address and a way to change it without a new entry in the history. */
export function useView(): [View, (change: Record<string, string | null>) => void] {
  const [search, setSearch] = useSearchParams();
  const set = (change: Record<string, string | null>) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [key, value] of Object.entries(change)) {
          if (value === null) next.delete(key);
          else next.set(key, value);
        }
        return next;
      },
      { replace: true },
    );
  return [readView(search), set];
}
