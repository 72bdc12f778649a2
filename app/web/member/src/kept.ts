import { read, write } from '@gonghui/ui/base';
import { queryOptions } from '@tanstack/react-query';
import { Keeper } from './rules/keeper.ts';

const KEY = 'kept';

/** Milliseconds for which an answer is not asked for again. */
const FRESH = 30_000;

/** The last answers that this phone's person got: what the pages show without a network. */
export const kept = new Keeper(
  () => read(KEY),
  (text) => write(KEY, text),
);

/** A query whose last answer is kept on the phone and shown until a newer one comes. */
export function keptQuery<T>(name: string, ask: () => Promise<T>) {
  const before = kept.last<T>(name);
  return queryOptions({
    queryKey: [name],
    queryFn: async () => {
      const owner = kept.owner();
      const data = await ask();
      kept.keep(owner, name, data, Date.now());
      return data;
    },
    initialData: before?.data as T | undefined,
    initialDataUpdatedAt: before?.at,
    // However new the last answer is: the first thing after a start is to ask again.
    staleTime: ({ state }) => (state.dataUpdateCount === 0 ? 0 : FRESH),
  });
}

/** onLeft calls back when another window of the app has signed out or gone over to another identity. */
export function onLeft(left: () => void): void {
  window.addEventListener('storage', ({ key, oldValue, newValue }) => {
    if (key !== `gonghui.${KEY}` || !oldValue) return;
    const owner = (text: string | null) =>
      new Keeper(
        () => text,
        () => {},
      ).owner();
    if (owner(oldValue) && owner(oldValue) !== owner(newValue)) left();
  });
}
