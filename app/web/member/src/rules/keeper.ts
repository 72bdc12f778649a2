interface Item {
  /** When it was answered, Unix milliseconds by this phone's clock. */
  at: number;
  data: unknown;
}

interface Store {
  /** The identity that all of it belongs to. */
  owner: string;
  items: Record<string, Item>;
}

/**
 * Keeper keeps the last answers of one identity. It never mixes two: what came for one person is not kept for the next,
 * and nothing is kept when nobody is signed in.
 */
export class Keeper {
  private readonly load: () => string | null;
  private readonly save: (text: string | null) => void;

  constructor(load: () => string | null, save: (text: string | null) => void) {
    this.load = load;
    this.save = save;
  }

  /** Whose answers are kept; empty when nobody's are. */
  owner(): string {
    return this.store()?.owner ?? '';
  }

  /** begin makes room for an identity; another one's answers are dropped. */
  begin(owner: string): void {
    if (this.owner() !== owner) this.put({ owner, items: {} });
  }

  /** keep holds an answer that was asked for as owner. One that arrives after the owner has gone is let go. */
  keep(owner: string, name: string, data: unknown, at: number): void {
    const store = this.store();
    if (!store || !owner || store.owner !== owner) return;
    this.put({ owner, items: { ...store.items, [name]: { at, data } } });
  }

  last<T>(name: string): { at: number; data: T } | undefined {
    return this.store()?.items[name] as { at: number; data: T } | undefined;
  }

  forget(): void {
    this.save(null);
  }

  private store(): Store | null {
    try {
      const store = JSON.parse(this.load() ?? 'null') as Store | null;
      return store?.owner && store.items ? store : null;
    } catch {
      return null;
    }
  }

  private put(store: Store): void {
    this.save(JSON.stringify(store));
  }
}
