import type { FromServer, Joined, Knock, Line, Person, Room } from '../signal/messages.ts';
import { takenVotes, type Vote } from '../vote/votes.ts';
import { apart, enteredInside, type Inside, listens, outside, takenInside } from './inside.ts';

/** What is known of a meeting. Every change makes a new one. */
export interface State {
  /** What was put to the meeting, the newest first. */
  votes: readonly Vote[];
  me: string;
  room: Room;
  /** As host or co-host, the person may record. */
  mayRecord: boolean;
  /** Everybody who takes part, the page's own person among them, in the order in which they came. */
  persons: readonly Person[];
  /** Who waits before the door; hosts alone are told. */
  knocks: readonly Knock[];
  /** The chat, the oldest first. */
  lines: readonly Line[];
  /** There are older lines. */
  more: boolean;
  /** Lines of others that were written while the page was there. */
  fresh: number;
  /** Who is heard, by the line on which the sound comes. */
  heard: Readonly<Record<string, string>>;
  /** Who speaks most just now. */
  speaker: string;
  /** When somebody was last the one who speaks most, in milliseconds since 1970. */
  spoke: Readonly<Record<string, number>>;
  inside: Inside;
}

export const nothing: State = {
  votes: [],
  me: '',
  room: {
    title: '',
    locked: false,
    waitingRoom: false,
    muted: false,
    spotlight: '',
    chat: true,
    began: 0,
    watermark: false,
    recording: null,
    agenda: { items: 0, version: 0, item: '', place: 0, title: '', minutes: 0, began: 0 },
    files: 'all',
  },
  mayRecord: false,
  persons: [],
  knocks: [],
  lines: [],
  more: false,
  fresh: 0,
  heard: {},
  speaker: '',
  spoke: {},
  inside: outside,
};

const replaced = <T extends { participant: string }>(all: readonly T[], one: T): readonly T[] =>
  all.some((other) => other.participant === one.participant)
    ? all.map((other) => (other.participant === one.participant ? one : other))
    : [...all, one];

const without = <T extends { participant: string }>(all: readonly T[], participant: string): readonly T[] =>
  all.filter((other) => other.participant !== participant);

/** Lines of both, each once, by the moment they were written. */
function merged(known: readonly Line[], more: readonly Line[]): readonly Line[] {
  const ids = new Set(known.map((line) => line.id));
  const fresh = more.filter((line) => !ids.has(line.id));
  if (fresh.length === 0) return known;
  return [...known, ...fresh].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** entered begins with what a server says to who has joined; after a lost connection, what was known of the chat stays. */
export function entered(before: State, joined: Joined, now = Date.now()): State {
  const moved = before.me !== '' && joined.inside.breakout !== before.inside.breakout;
  return {
    ...before,
    // Each room has a chat of its own.
    ...(moved && { lines: [], more: false }),
    inside: enteredInside(joined.inside, now),
    me: joined.participant,
    room: joined.room,
    mayRecord: joined.mayRecord,
    persons: joined.persons,
    knocks: joined.waiting,
    heard: {},
    speaker: '',
  };
}

/** taken is what is known after a message; the same state when it says nothing new. `now` is in milliseconds since 1970. */
export function taken(before: State, news: FromServer, now: number): State {
  const inside = takenInside(before.inside, news, now);
  const known = inside === before.inside ? before : { ...before, inside };
  return apart(news).reduce((state, message) => takenOne(state, message, now), known);
}

function takenOne(before: State, message: FromServer, now: number): State {
  const votes = takenVotes(before.votes, message);
  const state = votes === before.votes ? before : { ...before, votes };
  const { room, person, gone, line, told, knock, event } = message;
  if (room) return { ...state, room };
  if (person) {
    // Who only listens is counted, but for oneself.
    const counted = person.participant !== state.me && listens(person);
    const { persons } = state;
    return { ...state, persons: counted ? without(persons, person.participant) : replaced(persons, person) };
  }
  if (gone) {
    const { [gone.participant]: _, ...spoke } = state.spoke;
    return {
      ...state,
      persons: without(state.persons, gone.participant),
      speaker: state.speaker === gone.participant ? '' : state.speaker,
      spoke,
    };
  }
  if (line) {
    const lines = merged(state.lines, [line]);
    const fresh = lines !== state.lines && line.participant !== state.me ? state.fresh + 1 : state.fresh;
    return { ...state, lines, fresh };
  }
  if (told) return { ...state, lines: merged(state.lines, told.lines), more: told.more };
  if (knock)
    return {
      ...state,
      knocks: knock.gone ? without(state.knocks, knock.participant) : replaced(state.knocks, knock),
    };
  if (event?.kind === 'speaking')
    return { ...state, speaker: event.participant, spoke: { ...state.spoke, [event.participant]: now } };
  if (event?.kind === 'heard') return { ...state, heard: { ...state.heard, [event.mid]: event.participant } };
  return state;
}

export const ownPerson = (state: State): Person | undefined =>
  state.persons.find((person) => person.participant === state.me);

/** Whether one only listens because one did not agree to be recorded; breakout rooms are not recorded. */
export const heldByConsent = (state: State): boolean =>
  state.room.recording !== null && !state.inside.breakout && ownPerson(state)?.consent === 'declined';

/** Whether somebody holds the meeting, or helps to. */
export const leads = (person: Person | undefined): boolean => person?.role === 'host' || person?.role === 'cohost';

/** Raised hands, the first to be raised first. */
export const hands = (persons: readonly Person[]): Person[] =>
  persons.filter((person) => person.hand > 0).sort((a, b) => a.hand - b.hand);

const ranks = { host: 0, cohost: 1, speaker: 2, audience: 3 };

/** People as the list shows them: oneself, raised hands, hosts, then as they came; those who are away last. */
export function listed(state: State): Person[] {
  const rank = (person: Person) => {
    if (person.participant === state.me) return -2;
    if (person.away) return 9;
    return person.hand > 0 ? -1 : ranks[person.role];
  };
  return [...state.persons].sort((a, b) => rank(a) - rank(b) || (a.hand && b.hand ? a.hand - b.hand : 0));
}

/** How many are in the room: those who are listed, and those who only listen. */
export function headcount({ persons, inside, me }: State): number {
  const counted = persons.some((person) => person.participant === me && listens(person));
  return persons.length + inside.listeners - (counted && inside.listeners > 0 ? 1 : 0);
}

/** found are the people whose name, post or body contains the words. */
export function found(persons: readonly Person[], words: string): Person[] {
  const wanted = words.trim().toLowerCase();
  return persons.filter((person) => `${person.name} ${person.post} ${person.body}`.toLowerCase().includes(wanted));
}
