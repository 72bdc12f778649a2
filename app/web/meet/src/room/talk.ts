import { Lost, Refused, SignalClient } from '../signal/client.ts';
import { type FromServer, type Message, VERSION } from '../signal/messages.ts';
import { ignore } from './ignore.ts';

/** What opens a connection: the answer of JoinMeeting or JoinAsGuest. */
export interface Entry {
  token: string;
  room: string;
  /** Path of the WebSocket on this host. */
  socket: string;
}

interface Handlers {
  /** Something that nobody has asked for. */
  told: (message: FromServer) => void;
  /** The connection is gone. */
  lost: () => void;
}

/** Milliseconds between two tries to say something to a meeting that moves to another node. */
const ARRIVING = 200;

const address = (path: string) => `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}${path}`;

/** The signalling of a room: one connection at a time is used, while a meeting moves another one is made beside it. */
export class Talk {
  readonly #handlers: Handlers;
  #used: SignalClient | null = null;
  #arriving: Promise<void> = Promise.resolve();
  readonly #ends = new WeakMap<SignalClient, Promise<void>>();

  constructor(handlers: Handlers) {
    this.#handlers = handlers;
  }

  /** The connection in use. */
  get used(): SignalClient | null {
    return this.#used;
  }

  /** Uses a connection from now on, or none. */
  use(signal: SignalClient | null): void {
    this.#used = signal;
  }

  /** Opens a connection, which is not used yet. */
  async dial({ socket }: Entry): Promise<SignalClient> {
    let end = ignore;
    const ended = new Promise<void>((done) => {
      end = done;
    });
    const signal: SignalClient = new SignalClient(new WebSocket(address(socket)), {
      told: (message) => {
        if (this.#used === signal) this.#handlers.told(message);
      },
      closed: () => {
        end();
        if (this.#used !== signal) return;
        this.#used = null;
        this.#handlers.lost();
      },
    });
    await signal.open;
    this.#ends.set(signal, ended);
    return signal;
  }

  /** Ends when a connection does. */
  end(signal: SignalClient): Promise<void> {
    return this.#ends.get(signal) ?? Promise.resolve();
  }

  /** Takes the seat that an entry is for. */
  join(signal: SignalClient, { token, room }: Entry): Promise<FromServer> {
    return signal.ask({ join: { version: VERSION, token, room } });
  }

  /** What is asked waits until the end of what is done meanwhile: taking the seat on another node. */
  arrive(): () => void {
    let arrived = ignore;
    this.#arriving = new Promise((done) => {
      arrived = done;
    });
    return arrived;
  }

  /** Says something to the meeting and brings the answer, wherever the meeting goes on; throws {@link Refused} and {@link Lost}. */
  async ask(message: Message): Promise<FromServer> {
    for (let tries = 0; ; tries++) {
      await this.#arriving;
      try {
        return await this.tell(message);
      } catch (thrown) {
        if (!(thrown instanceof Refused) || thrown.reason !== 'MOVED' || tries > 5) throw thrown;
        await new Promise((done) => setTimeout(done, ARRIVING));
      }
    }
  }

  /** Says something by the connection in use, now. */
  async tell(message: Message): Promise<FromServer> {
    if (!this.#used) throw new Lost();
    return await this.#used.ask(message);
  }
}
