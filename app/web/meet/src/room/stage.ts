import type { Person } from '../signal/messages.ts';
import type { State } from './state.ts';

export type Layout = 'grid' | 'speaker' | 'sidebar';

/** Something that is shown. */
export interface Tile {
  participant: string;
  source: 'camera' | 'screen';
}

/** What is shown large, and what beside it or, without anything large, in the grid. */
export interface Stage {
  layout: Layout;
  large: Tile | null;
  tiles: Tile[];
}

export const tileKey = (tile: Tile): string => `${tile.source}:${tile.participant}`;

/**
 * ordered keeps people where they were: who comes stands last, and who speaks while not on the first page changes places with the one
 * there who has been silent the longest. The page's own person comes first and stays.
 */
export function ordered(before: readonly string[], state: State, first: number): string[] {
  const here = new Set(state.persons.map((person) => person.participant));
  const kept = before.filter((one) => here.has(one) && one !== state.me);
  const known = new Set(kept);
  const order = [
    ...(here.has(state.me) ? [state.me] : []),
    ...kept,
    ...state.persons.map((person) => person.participant).filter((one) => !known.has(one) && one !== state.me),
  ];
  const at = order.indexOf(state.speaker);
  if (at < first || first < 2) return order;
  let out = 1;
  for (let i = 1; i < first; i++) {
    if ((state.spoke[order[i] ?? ''] ?? 0) < (state.spoke[order[out] ?? ''] ?? 0)) out = i;
  }
  const silent = order[out] ?? '';
  order[out] = state.speaker;
  order[at] = silent;
  return order;
}

/** Who is large when nobody is chosen: who speaks, or spoke last, or came first; oneself only when nobody else is there. */
function main(state: State): string {
  const others = state.persons.filter((person) => person.participant !== state.me && !person.away);
  const last = others.reduce<Person | undefined>(
    (best, person) =>
      (state.spoke[person.participant] ?? 0) > (best ? (state.spoke[best.participant] ?? 0) : 0) ? person : best,
    undefined,
  );
  return last?.participant ?? others.find((person) => person.camera)?.participant ?? others[0]?.participant ?? state.me;
}

/**
 * stage says what is large: what the person has pinned, then a shared screen, then whom the host shows to all, then who speaks. A grid
 * gives way while one of the first three is there. On a phone the others lie where there is room: above what is large, or beside it when
 * the phone is turned.
 */
export function stage(
  state: State,
  order: readonly string[],
  layout: Layout,
  pinned: Tile | null,
  phone: '' | 'upright' | 'aside',
): Stage {
  const here = new Map(state.persons.map((person) => [person.participant, person]));
  const screens = order
    .filter((one) => here.get(one)?.sharing && one !== state.me)
    .map((participant): Tile => ({ participant, source: 'screen' }));
  const cameras = order.map((participant): Tile => ({ participant, source: 'camera' }));
  const all = [...screens, ...cameras];
  const pin = pinned && all.find((tile) => tileKey(tile) === tileKey(pinned));
  const spot = cameras.find((tile) => tile.participant === state.room.spotlight);
  const chosen = pin ?? screens[0] ?? spot ?? null;
  if (layout === 'grid' && !chosen) return { layout, large: null, tiles: all };
  const large = chosen ?? cameras.find((tile) => tile.participant === main(state)) ?? null;
  const beside = all.filter((tile) => !large || tileKey(tile) !== tileKey(large));
  const shape = layout === 'grid' ? 'sidebar' : layout;
  const held = { upright: 'speaker', aside: 'sidebar' } as const;
  return { layout: phone ? held[phone] : shape, large, tiles: beside };
}
