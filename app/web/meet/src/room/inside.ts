import type { Caption, InsideJoined, Rooms, Venues } from '../signal/inside.ts';
import type { FromServer, Person } from '../signal/messages.ts';

/** What is known of what happens inside the meeting besides who is there. */
export interface Inside {
  /** The breakout room in which one is; empty: the main one. */
  breakout: string;
  rooms: Rooms;
  /** When that was told, in milliseconds since 1970: the clocks in it run from then on. */
  told: number;
  /** How many only listen; they are not among the persons, but for oneself. */
  listeners: number;
  /** The last lines of the captions, and the one being written. */
  captions: readonly Caption[];
  draft: Caption | null;
  venues: Venues;
  /** What is shown over everything; empty: nothing. */
  mark: string;
}

export const outside: Inside = {
  breakout: '',
  rooms: { open: false, choice: false, left: 0, closing: 0, list: [] },
  told: 0,
  listeners: 0,
  captions: [],
  draft: null,
  venues: { on: false, main: '', called: '', subs: [] },
  mark: '',
};

/** Lines of the captions that are kept on the page. */
const KEPT = 10;

export function enteredInside(joined: InsideJoined, now: number): Inside {
  const { breakout, rooms, listeners, captions, venues, mark } = joined;
  return { breakout, rooms, listeners, captions, venues, mark, told: now, draft: null };
}

function captioned(state: Inside, caption: Caption): Inside {
  if (!caption.id) return { ...state, draft: caption.text ? caption : null };
  const known = state.captions.some((one) => one.id === caption.id);
  const captions = known
    ? state.captions.map((one) => (one.id === caption.id ? caption : one))
    : [...state.captions, caption].slice(-KEPT);
  return { ...state, captions, draft: known ? state.draft : null };
}

/** takenInside is what is known after a message; the same when it says nothing of this. */
export function takenInside(state: Inside, message: FromServer, now: number): Inside {
  const { rooms, caption, venues, mark, changes } = message;
  if (rooms) return { ...state, rooms, told: now };
  if (caption) return captioned(state, caption);
  if (venues) return { ...state, venues };
  if (mark) return { ...state, mark: mark.text };
  if (!changes) return state;
  let next = state;
  if (changes.listeners !== undefined) next = { ...next, listeners: changes.listeners };
  if (changes.rooms) next = { ...next, rooms: changes.rooms, told: now };
  if (changes.venues) next = { ...next, venues: changes.venues };
  // The one being written comes last.
  for (const one of [...changes.captions].sort((a, b) => Number(!a.id) - Number(!b.id) || a.at - b.at))
    next = captioned(next, one);
  return next;
}

/** apart are the messages that changes stand for, as if each had come alone. */
export function apart(message: FromServer): FromServer[] {
  const { changes } = message;
  if (!changes) return [message];
  const { persons, gone, lines, room } = changes;
  return [
    message,
    ...persons.map((person) => ({ id: '', person })),
    ...gone.map((participant) => ({ id: '', gone: { participant } })),
    ...lines.map((line) => ({ id: '', line })),
    ...(room ? [{ id: '', room }] : []),
  ];
}

/** Whether somebody only listens: such a one is counted, not listed. */
export const listens = (person: Person): boolean => person.role === 'audience' && person.hand === 0;

/** Whether somebody is one of the venues. */
export const isVenue = (participant: string, venues: Venues): boolean =>
  participant === venues.main || participant === venues.called || venues.subs.includes(participant);

/** Whether what somebody sends is seen by all. */
export const onAir = (participant: string, venues: Venues): boolean =>
  !venues.on || participant === venues.main || participant === venues.called;

/** Milliseconds until breakout rooms are closed, or everybody is back; null when nobody has said. */
export function leftOf(state: Inside, now: number): { closing: boolean; left: number } | null {
  const { open, left, closing } = state.rooms;
  if (!open || (!left && !closing)) return null;
  return { closing: closing > 0, left: Math.max(0, (closing || left) - (now - state.told)) };
}
