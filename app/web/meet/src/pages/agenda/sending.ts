import { type ApiError, asApiError, type Sending, sendFile, stopped, uuid } from '@gonghui/api';
import type { Room } from '../../room/room.ts';
import type { ChatFile } from '../../signal/agenda.ts';
import { Lost, Refused } from '../../signal/client.ts';

/** Bytes of a file in the chat at most; the server takes no more. */
export const LARGEST = 20 << 20;

/** A file that is on its way into the chat, or did not get there. */
export interface Parcel {
  id: string;
  name: string;
  /** Of 1. */
  share: number;
  /** Key of a text, or what the server says; null while it is on its way. */
  failed: string | ApiError | null;
}

/** Why a file was not taken, by the reason of the refusal. */
const reasons: Readonly<Record<string, string>> = {
  RATE: 'meet.files.tooMany',
  FULL: 'meet.files.full',
  STATE: 'meet.files.closed',
  MESSAGE: 'meet.files.badName',
};

/** The files that a page sends into the chat of its meeting: they go on while the panel is closed. */
class Parcels {
  #all: readonly Parcel[] = [];
  readonly #running = new Map<string, Sending<ChatFile>>();
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): readonly Parcel[] => this.#all;

  #set(all: readonly Parcel[]): void {
    this.#all = all;
    for (const listener of this.#listeners) listener();
  }

  #change(id: string, change: Partial<Parcel>): void {
    this.#set(this.#all.map((one) => (one.id === id ? { ...one, ...change } : one)));
  }

  async send(room: Room, file: File): Promise<void> {
    const id = uuid();
    const large = file.size > LARGEST;
    const failed = large ? 'meet.files.tooLarge' : file.size === 0 ? 'meet.files.empty' : null;
    this.#set([...this.#all, { id, name: file.name, share: 0, failed }]);
    if (failed) return;
    try {
      const { ticket } = await room.ask({ attach: { name: file.name, size: file.size } });
      if (!ticket) throw new Lost();
      if (!this.#all.some((one) => one.id === id)) return;
      const sending = sendFile<ChatFile>(ticket.url, file, id, (share) => this.#change(id, { share }));
      this.#running.set(id, sending);
      await sending.done;
      this.drop(id);
    } catch (thrown) {
      if (stopped(thrown)) return;
      const why = thrown instanceof Refused ? reasons[thrown.reason] : undefined;
      this.#change(id, { failed: why ?? (thrown instanceof Lost ? 'meet.files.failed' : asApiError(thrown)) });
    } finally {
      this.#running.delete(id);
    }
  }

  /** Stops one that is on its way, or puts one aside that did not get there. */
  drop(id: string): void {
    this.#running.get(id)?.cancel();
    this.#set(this.#all.filter((one) => one.id !== id));
  }
}

export const parcels = new Parcels();
