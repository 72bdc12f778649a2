/** Messages about what happens inside a running meeting: breakout rooms, listeners, venues, captions. */
import type { Senders } from './agenda.ts';
import type { Line, Person, Room } from './messages.ts';

export type Browser = 'chrome' | 'edge' | 'firefox' | 'safari' | 'wechat' | 'other';
export type System = 'windows' | 'mac' | 'linux' | 'android' | 'ios' | 'harmony' | 'other';

/** How sound and pictures were in the last seconds; units as in the proto. */
export interface Report {
  lossUp: number;
  lossDown: number;
  rtt: number;
  jitter: number;
  concealed: number;
  freezes: number;
  up: number;
  down: number;
  heightDown: number;
  heightUp: number;
  browser: Browser;
  system: System;
}

export interface Breakout {
  do: 'rooms' | 'assign' | 'shuffle' | 'choice' | 'open' | 'close' | 'say' | 'go' | 'help';
  names?: string[];
  moves?: { participant: string; room: string }[];
  on?: boolean;
  minutes?: number;
  text?: string;
  room?: string;
}

export interface Direct {
  do: 'on' | 'off' | 'main' | 'sub' | 'none' | 'call';
  participant?: string;
}

/** What a client says about them: one of these. */
export type InsideMessage =
  | { breakout: Breakout }
  | { look: { after: number; query: string; size: number } }
  | { write: { id?: string; text: string; final: boolean } }
  | { report: Report }
  | { venue: Direct }
  | { set: { watermark?: boolean; files?: Senders; stenographer?: string; on?: boolean } };

export interface Member {
  participant: string;
  name: string;
  away: boolean;
}

export interface BreakoutRoom {
  id: string;
  name: string;
  people: number;
  members: Member[];
  /** Who calls for a host. */
  help: string;
}

export interface Rooms {
  open: boolean;
  choice: boolean;
  /** Milliseconds from when it was told; 0: not said. */
  left: number;
  closing: number;
  list: BreakoutRoom[];
}

export interface Caption {
  id: string;
  participant: string;
  text: string;
  at: number;
}

export interface Venues {
  on: boolean;
  main: string;
  called: string;
  subs: string[];
}

export interface Changes {
  persons: Person[];
  gone: string[];
  lines: Line[];
  room?: Room;
  listeners?: number;
  rooms?: Rooms;
  venues?: Venues;
  captions: Caption[];
}

/** What a server says about them. */
export interface InsideNews {
  rooms?: Rooms;
  notice?: { what: string; name: string; text: string; room: string };
  seen?: { persons: Person[]; next: number; total: number };
  changes?: Changes;
  caption?: Caption;
  venues?: Venues;
  mark?: { text: string };
}

/** What Joined says of them. */
export interface InsideJoined {
  breakout: string;
  rooms: Rooms;
  listeners: number;
  captions: Caption[];
  venues: Venues;
  mark: string;
}

type Wire = Record<string, unknown>;

interface Read {
  text: (value: unknown) => string;
  flag: (value: unknown) => boolean;
  count: (value: unknown) => number;
  part: (value: unknown) => Wire;
  list: <T>(value: unknown, of: (one: Wire) => T) => T[];
  person: (w: Wire) => Person;
  line: (w: Wire) => Line;
  room: (w: Wire) => Room;
}

/** insideShapes reads these messages, with the readers of the others. */
export function insideShapes({ text, flag, count, part, list, person, line, room }: Read) {
  const texts = (value: unknown) => (Array.isArray(value) ? value.map(text) : []);
  const rooms = (w: Wire): Rooms => ({
    open: flag(w.open),
    choice: flag(w.choice),
    left: count(w.left),
    closing: count(w.closing),
    list: list(w.list, (one) => ({
      id: text(one.id),
      name: text(one.name),
      people: count(one.people),
      help: text(one.help),
      members: list(one.members, (m) => ({
        participant: text(m.participant),
        name: text(m.name),
        away: flag(m.away),
      })),
    })),
  });
  const caption = (w: Wire): Caption => ({
    id: text(w.id),
    participant: text(w.participant),
    text: text(w.text),
    at: count(w.at),
  });
  const venues = (w: Wire): Venues => ({
    on: flag(w.on),
    main: text(w.main),
    called: text(w.called),
    subs: texts(w.subs),
  });
  return {
    joined: (w: Wire): InsideJoined => ({
      breakout: text(w.breakout),
      rooms: rooms(part(w.rooms)),
      listeners: count(w.listeners),
      captions: list(w.captions, caption),
      venues: venues(part(w.venues)),
      mark: text(part(w.mark).text),
    }),
    shapes: {
      rooms,
      notice: (w: Wire) => ({ what: text(w.what), name: text(w.name), text: text(w.text), room: text(w.room) }),
      seen: (w: Wire) => ({ persons: list(w.persons, person), next: count(w.next), total: count(w.total) }),
      changes: (w: Wire): Changes => ({
        persons: list(w.persons, person),
        gone: texts(w.gone),
        lines: list(w.lines, line),
        captions: list(w.captions, caption),
        ...(w.room !== undefined && { room: room(part(w.room)) }),
        ...(w.listeners !== undefined && { listeners: count(w.listeners) }),
        ...(w.rooms !== undefined && { rooms: rooms(part(w.rooms)) }),
        ...(w.venues !== undefined && { venues: venues(part(w.venues)) }),
      }),
      caption,
      venues,
      mark: (w: Wire) => ({ text: text(w.text) }),
    },
  };
}
