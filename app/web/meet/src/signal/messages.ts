/** The messages of media/signal/v1/signal.proto, as the page sends and reads them. */

import { type FromVotes, type Voting, voteShapes } from '../vote/votes.ts';
import {
  type AgendaMessage,
  type AgendaNews,
  agendaShapes,
  type ChatFile,
  type Course,
  type Senders,
} from './agenda.ts';
import { type InsideJoined, type InsideMessage, type InsideNews, insideShapes } from './inside.ts';

/** The version of the protocol that this page speaks. */
export const VERSION = 1;

export type Source = 'camera' | 'microphone' | 'screen' | 'screen-sound';
export type Role = 'host' | 'cohost' | 'speaker' | 'audience';

export type Do =
  | 'admit'
  | 'refuse'
  | 'admit-all'
  | 'mute'
  | 'ask-unmute'
  | 'stop-camera'
  | 'stop-sharing'
  | 'lower-hand'
  | 'remove'
  | 'mute-all'
  | 'allow-unmute'
  | 'lower-hands'
  | 'role'
  | 'spotlight'
  | 'lock'
  | 'waiting-room'
  | 'chat'
  | 'end'
  | 'record';

export interface Act {
  do: Do;
  participant?: string;
  on?: boolean;
  role?: Role;
}

export interface Own {
  microphone?: boolean;
  camera?: boolean;
  sharing?: boolean;
  hand?: boolean;
}

/** What a client says: one of these. */
export type Message =
  | { join: { version: number; token: string; room: string } }
  | { offer: { sdp: string; fresh: boolean; sources: Record<string, Source> } }
  | {
      show: {
        views: { mid: string; participant: string; source: string; height: number; priority: number }[];
      };
    }
  | { ping: Record<string, never> }
  | { leave: Record<string, never> }
  | { own: Own }
  | { say: { text: string } }
  | { recall: { before?: string } }
  | { act: Act }
  | { vote: Voting }
  | { consent: { agree: boolean } }
  | { settled: Record<string, never> }
  | { relays: Record<string, never> }
  | AgendaMessage
  | InsideMessage;

/** The meeting as it stands. */
export interface Room {
  title: string;
  locked: boolean;
  waitingRoom: boolean;
  /** Nobody but hosts turns the microphone on by themselves. */
  muted: boolean;
  spotlight: string;
  chat: boolean;
  /** Milliseconds since 1970; 0: not yet. */
  began: number;
  /** Everybody sees their own name over what is shown. */
  watermark: boolean;
  /** Null while nobody records. */
  recording: Recording | null;
  agenda: Course;
  /** Who sends files in the chat. */
  files: Senders;
}

export interface Recording {
  id: string;
  /** Milliseconds since 1970. */
  began: number;
  /** The name of who began it. */
  by: string;
}

/** Somebody who takes part. */
export interface Person {
  participant: string;
  name: string;
  post: string;
  body: string;
  role: Role;
  guest: boolean;
  microphone: boolean;
  camera: boolean;
  sharing: boolean;
  /** Rises with the moment the hand was raised; 0: it is not. */
  hand: number;
  away: boolean;
  silenced: boolean;
  /** To being recorded, while a recording runs; empty: not said yet. */
  consent: '' | 'agreed' | 'declined';
  /** Writes the captions. */
  stenographer: boolean;
}

/** Somebody before the door. */
export interface Knock {
  participant: string;
  name: string;
  post: string;
  body: string;
  guest: boolean;
  gone: boolean;
}

/** A line of the chat. */
export interface Line {
  id: string;
  participant: string;
  name: string;
  text: string;
  /** Milliseconds since 1970. */
  at: number;
  /** That was sent; the text is then its name. */
  file: ChatFile | null;
}

export interface Joined {
  participant: string;
  room: Room;
  persons: Person[];
  waiting: Knock[];
  /** Relays for networks that let nothing else through, with credentials for ten minutes. */
  iceServers: RTCIceServer[];
  /** As host or co-host, the person may record. */
  mayRecord: boolean;
  inside: InsideJoined;
}

export type Why = 'ended' | 'removed' | 'refused' | 'elsewhere' | 'restart';

/** Where the meeting goes on. */
export interface Moved {
  token: string;
  room: string;
  socket: string;
}

/** What a server says, whole: fields that are empty on the wire are there. */
export interface FromServer extends InsideNews, FromVotes, AgendaNews {
  id: string;
  joined?: Joined;
  answer?: { sdp: string };
  done?: object;
  refused?: { reason: string; field: string };
  event?: { kind: string; participant: string; source: string; mid: string; height: number };
  waiting?: { title: string };
  room?: Room;
  person?: Person;
  gone?: { participant: string };
  line?: Line;
  told?: { lines: Line[]; more: boolean };
  asked?: { what: string };
  over?: { why: Why | 'moved' };
  knock?: Knock;
  moved?: Moved;
  relays?: { iceServers: RTCIceServer[] };
}

type Wire = Record<string, unknown>;

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const flag = (value: unknown) => value === true;
/** Numbers of 64 bits come as strings. */
const count = (value: unknown) => {
  const n = typeof value === 'string' || typeof value === 'number' ? Number(value) : 0;
  return Number.isFinite(n) ? n : 0;
};
const part = (value: unknown): Wire => (typeof value === 'object' && value !== null ? (value as Wire) : {});
const list = <T>(value: unknown, of: (one: Wire) => T): T[] =>
  Array.isArray(value) ? value.map((one) => of(part(one))) : [];

const roles: readonly Role[] = ['host', 'cohost', 'speaker', 'audience'];
const reasons: readonly (Why | 'moved')[] = ['ended', 'removed', 'refused', 'elsewhere', 'restart', 'moved'];

const recording = (w: Wire): Recording => ({ id: text(w.id), began: count(w.began), by: text(w.by) });
const consents = ['agreed', 'declined'] as const;

const agenda = agendaShapes({ text, flag, count, part, list });

const room = (w: Wire): Room => ({
  title: text(w.title),
  locked: flag(w.locked),
  waitingRoom: flag(w.waitingRoom),
  muted: flag(w.muted),
  spotlight: text(w.spotlight),
  chat: flag(w.chat),
  began: count(w.began),
  recording: w.recording ? recording(part(w.recording)) : null,
  watermark: flag(w.watermark),
  agenda: agenda.course(w.agenda),
  files: agenda.senders(w.files),
});

const person = (w: Wire): Person => ({
  participant: text(w.participant),
  name: text(w.name),
  post: text(w.post),
  body: text(w.body),
  role: roles.find((one) => one === w.role) ?? 'audience',
  guest: flag(w.guest),
  microphone: flag(w.microphone),
  camera: flag(w.camera),
  sharing: flag(w.sharing),
  hand: count(w.hand),
  away: flag(w.away),
  silenced: flag(w.silenced),
  consent: consents.find((one) => one === w.consent) ?? '',
  stenographer: flag(w.stenographer),
});

const knock = (w: Wire): Knock => ({
  participant: text(w.participant),
  name: text(w.name),
  post: text(w.post),
  body: text(w.body),
  guest: flag(w.guest),
  gone: flag(w.gone),
});

const relay = (w: Wire): RTCIceServer => ({
  urls: Array.isArray(w.urls) ? w.urls.map(text) : [],
  username: text(w.username),
  credential: text(w.credential),
});

const line = (w: Wire): Line => ({
  id: text(w.id),
  participant: text(w.participant),
  name: text(w.name),
  text: text(w.text),
  at: count(w.at),
  file: agenda.file(w.file),
});

const inside = insideShapes({ text, flag, count, part, list, person, line, room });

const shapes: { [K in keyof Omit<FromServer, 'id'>]-?: (w: Wire) => FromServer[K] } = {
  joined: (w) => ({
    participant: text(w.participant),
    room: room(part(w.room)),
    persons: list(w.persons, person),
    waiting: list(w.waiting, knock),
    iceServers: list(w.iceServers, relay),
    mayRecord: flag(w.mayRecord),
    inside: inside.joined(w),
  }),
  answer: (w) => ({ sdp: text(w.sdp) }),
  done: () => ({}),
  refused: (w) => ({ reason: text(w.reason) || 'INTERNAL', field: text(w.field) }),
  event: (w) => ({
    kind: text(w.kind),
    participant: text(w.participant),
    source: text(w.source),
    mid: text(w.mid),
    height: count(w.height),
  }),
  waiting: (w) => ({ title: text(w.title) }),
  room,
  person,
  gone: (w) => ({ participant: text(w.participant) }),
  line,
  told: (w) => ({ lines: list(w.lines, line), more: flag(w.more) }),
  asked: (w) => ({ what: text(w.what) }),
  over: (w) => ({ why: reasons.find((one) => one === w.why) ?? 'ended' }),
  knock,
  ...voteShapes,
  ...agenda.shapes,
  moved: (w) => ({ token: text(w.token), room: text(w.room), socket: text(w.socket) }),
  relays: (w) => ({ iceServers: list(w.iceServers, relay) }),
  ...inside.shapes,
};

/** readMessage makes a message out of a frame; null for what is none. A newer server may say more than this page knows. */
export function readMessage(frame: unknown): FromServer | null {
  if (typeof frame !== 'string') return null;
  let wire: Wire;
  try {
    const parsed: unknown = JSON.parse(frame);
    if (typeof parsed !== 'object' || parsed === null) return null;
    wire = parsed as Wire;
  } catch {
    return null;
  }
  const message: Wire = { id: text(wire.id) };
  for (const [name, shape] of Object.entries(shapes)) {
    if (wire[name] !== undefined) message[name] = shape(part(wire[name]));
  }
  return message as unknown as FromServer;
}
