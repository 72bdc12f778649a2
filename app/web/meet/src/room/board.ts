import { blank, type Note, type Snapshot } from './snapshot.ts';
import { ownPerson } from './state.ts';

const MOST_NOTES = 4;

/** What the parts of a room know together, told to whoever draws it. */
export class Board {
  #now: Snapshot = blank;
  #note = 0;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => this.#now;

  get now(): Snapshot {
    return this.#now;
  }

  /** It is over for this page: nothing begins anew. */
  get over(): boolean {
    return this.#now.phase === 'over';
  }

  /** The person may send sound and pictures. */
  get sends(): boolean {
    return ownPerson(this.#now.state)?.role !== 'audience';
  }

  set(change: Partial<Snapshot>): void {
    this.#now = { ...this.#now, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Says something once. */
  say(what: string, name?: string, text?: string): void {
    const note: Note = { id: ++this.#note, what, name, text };
    this.set({ notes: [...this.#now.notes, note].slice(-MOST_NOTES) });
  }

  /** Takes notes away that are no news any more. */
  unsay(stale: (note: Note) => boolean): void {
    this.set({ notes: this.#now.notes.filter((note) => !stale(note)) });
  }
}
