import { type FromServer, type Message, readMessage } from './messages.ts';

/** The server says no; the connection goes on unless the reason says that it cannot. */
export class Refused extends Error {
  readonly reason: string;
  readonly field: string;

  constructor(reason: string, field = '') {
    super(field ? `${reason}: ${field}` : reason);
    this.name = 'Refused';
    this.reason = reason;
    this.field = field;
  }
}

/** The connection ended before an answer came. */
export class Lost extends Error {
  constructor() {
    super('the signalling connection ended');
    this.name = 'Lost';
  }
}

/** As much of a WebSocket as is used here. */
export interface Socket {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number): void;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
}

export interface Handlers {
  /** Something that nobody has asked for. */
  told: (message: FromServer) => void;
  /** The connection has ended, by whomever; once. */
  closed: () => void;
}

/** Milliseconds after which an answer is missed: the connection is then taken for dead. */
export const PATIENCE = 10_000;
/** Milliseconds between two signs of life; proxies hang up on who is silent. */
export const BEAT = 15_000;

const OPEN = 1;

/**
 * One connection of the signalling protocol (media/signal/v1/signal.proto): questions are answered in order by their id, events come
 * in between. It does not come back by itself: whoever made it makes another.
 */
export class SignalClient {
  readonly #socket: Socket;
  readonly #handlers: Handlers;
  readonly #asked = new Map<
    string,
    { done: (reply: FromServer) => void; lost: (error: Error) => void; timer: ReturnType<typeof setTimeout> }
  >();
  #count = 0;
  #beat: ReturnType<typeof setInterval> | undefined;
  #ended = false;
  /** Ends when the connection is open; fails when it never was. */
  readonly open: Promise<void>;

  constructor(socket: Socket, handlers: Handlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.open = new Promise((done, fail) => {
      const late = setTimeout(() => {
        fail(new Lost());
        this.close();
      }, PATIENCE);
      socket.onopen = () => {
        clearTimeout(late);
        this.#beat = setInterval(() => void this.ask({ ping: {} }).catch(() => undefined), BEAT);
        done();
      };
      socket.onclose = () => {
        clearTimeout(late);
        fail(new Lost());
        this.#end();
      };
    });
    // Whoever does not wait for it hears of the end by closed().
    this.open.catch(() => undefined);
    socket.onerror = () => undefined;
    socket.onmessage = ({ data }) => this.#take(data);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** ask sends a message and waits for its answer; {@link Refused} when the server says no. */
  ask(message: Message): Promise<FromServer> {
    if (this.#ended || this.#socket.readyState !== OPEN) return Promise.reject(new Lost());
    const id = String(++this.#count);
    return new Promise((done, lost) => {
      const timer = setTimeout(() => this.close(), PATIENCE);
      this.#asked.set(id, { done, lost, timer });
      this.#socket.send(JSON.stringify({ id, ...message }));
    });
  }

  /** close hangs up. */
  close(): void {
    this.#socket.close(1000);
    this.#end();
  }

  #take(data: unknown): void {
    const message = readMessage(data);
    if (!message) return;
    if (!message.id) {
      this.#handlers.told(message);
      return;
    }
    const asked = this.#asked.get(message.id);
    if (!asked) return;
    this.#asked.delete(message.id);
    clearTimeout(asked.timer);
    if (message.refused) asked.lost(new Refused(message.refused.reason, message.refused.field));
    else asked.done(message);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#beat);
    for (const { lost, timer } of this.#asked.values()) {
      clearTimeout(timer);
      lost(new Lost());
    }
    this.#asked.clear();
    this.#handlers.closed();
  }
}

const TRIES = [500, 1000, 2000, 4000, 8000];

/** Milliseconds before the n-th try (from 0) to come back, spread so that a room does not come back at once. */
export function pause(tries: number, random = Math.random()): number {
  const base = TRIES[Math.min(tries, TRIES.length - 1)] ?? 8000;
  return Math.round(base * (0.75 + random / 2));
}
