/** Messages about the agenda of a meeting, its papers, and files in the chat. */

export interface AgendaItem {
  id: string;
  title: string;
  /** 0: nobody has said. */
  minutes: number;
  presenter: string;
  note: string;
}

export interface Paper {
  id: string;
  /** Of the item that it belongs to; empty: to the meeting. */
  itemId: string;
  name: string;
  kind: string;
  /** Bytes. */
  size: number;
  access: string;
  download: boolean;
}

export interface Agenda {
  items: AgendaItem[];
  papers: Paper[];
}

/** Where the meeting is in its agenda. */
export interface Course {
  items: number;
  /** Another one whenever something of the agenda has changed. */
  version: number;
  /** Empty: at none. */
  item: string;
  place: number;
  title: string;
  minutes: number;
  /** Milliseconds since 1970. */
  began: number;
}

export interface ChatFile {
  id: string;
  name: string;
  kind: string;
  /** Bytes. */
  size: number;
}

/** Where a file is had, by this page alone and for a short time. */
export interface PaperAddress {
  url: string;
  watermark: string;
  name: string;
  kind: string;
  /** It may be kept, too. */
  download: boolean;
}

export const senders = ['all', 'members', 'none'] as const;
/** Who sends files in the chat. */
export type Senders = (typeof senders)[number];

/** What a client says about them. */
export type AgendaMessage =
  | { agenda: { do: 'list' | 'open' | 'run'; id?: string; download?: boolean } }
  | { attach: { name: string; size: number } };

/** What a server says about them. */
export interface AgendaNews {
  agenda?: Agenda;
  address?: PaperAddress;
  ticket?: { url: string; file: string };
}

type Wire = Record<string, unknown>;

interface Read {
  text: (value: unknown) => string;
  flag: (value: unknown) => boolean;
  count: (value: unknown) => number;
  part: (value: unknown) => Wire;
  list: <T>(value: unknown, of: (one: Wire) => T) => T[];
}

/** agendaShapes reads these messages, with the readers of the others. */
export function agendaShapes({ text, flag, count, part, list }: Read) {
  const file = (w: Wire): ChatFile => ({
    id: text(w.id),
    name: text(w.name),
    kind: text(w.kind),
    size: count(w.size),
  });
  return {
    course: (value: unknown): Course => {
      const w = part(value);
      return {
        items: count(w.items),
        version: count(w.version),
        item: text(w.item),
        place: count(w.place),
        title: text(w.title),
        minutes: count(w.minutes),
        began: count(w.began),
      };
    },
    senders: (value: unknown): Senders => senders.find((one) => one === value) ?? 'all',
    file: (value: unknown): ChatFile | null => (value ? file(part(value)) : null),
    shapes: {
      agenda: (w: Wire): Agenda => ({
        items: list(w.items, (one) => ({
          id: text(one.id),
          title: text(one.title),
          minutes: count(one.minutes),
          presenter: text(one.presenter),
          note: text(one.note),
        })),
        papers: list(w.papers, (one) => ({
          ...file(one),
          itemId: text(one.itemId),
          access: text(one.access),
          download: flag(one.download),
        })),
      }),
      address: (w: Wire): PaperAddress => ({
        url: text(w.url),
        watermark: text(w.watermark),
        name: text(w.name),
        kind: text(w.kind),
        download: flag(w.download),
      }),
      ticket: (w: Wire) => ({ url: text(w.url), file: text(w.file) }),
    },
  };
}
