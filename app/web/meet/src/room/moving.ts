import { Lost, type SignalClient } from '../signal/client.ts';
import type { Moved } from '../signal/messages.ts';
import type { Board } from './board.ts';
import { ignore } from './ignore.ts';
import type { Link } from './link.ts';
import { arrivals } from './move.ts';
import type { OwnThings } from './own.ts';
import { entered } from './state.ts';
import type { Talk } from './talk.ts';

/** Milliseconds after which a node that a meeting has left is given up, though it has not said so. */
const LETS_GO = 12_000;

/** The way of a meeting to another node, as this page goes it. */
export class Moving {
  readonly #board: Board;
  readonly #talk: Talk;
  readonly #own: OwnThings;
  readonly #link: Link;
  /** Gives up what is left of the old node. */
  #part = ignore;

  constructor(board: Board, talk: Talk, own: OwnThings, link: Link) {
    this.#board = board;
    this.#talk = talk;
    this.#own = own;
    this.#link = link;
  }

  /**
   * The meeting goes on at another node: takes the seat there and shows each picture from there as soon as it comes. The old node is let
   * go of when it says that nobody needs it any more: until then others see us by it.
   */
  async move(moved: Moved): Promise<void> {
    const old = this.#talk.used;
    const before = this.#link.peer;
    if (!old || this.#link.moves || !(await this.#sit(moved))) return;
    this.#part = () => {
      before?.close();
      old.close();
      this.#part = ignore;
    };
    try {
      await this.#own.tell();
      await this.#follow();
    } catch {
      this.#link.unfollow();
      if (!this.#board.over) await this.#link.fresh().catch(ignore);
    }
    await old.ask({ settled: {} }).catch(ignore);
    await Promise.race([this.#talk.end(old), new Promise((done) => setTimeout(done, LETS_GO))]);
    this.#part();
  }

  end(): void {
    this.#part();
  }

  /** Takes the seat on the new node; false when there is none. */
  async #sit(moved: Moved): Promise<boolean> {
    const arrived = this.#talk.arrive();
    let signal: SignalClient | undefined;
    try {
      signal = await this.#talk.dial(moved);
      const { joined } = await this.#talk.join(signal, moved);
      if (!joined || this.#board.over) throw new Lost();
      this.#talk.use(signal);
      this.#link.know(joined.iceServers);
      this.#board.set({ state: entered(this.#board.now.state, joined) });
      return true;
    } catch {
      // The old node lets go of us in the end, and the way back leads there.
      signal?.close();
      return false;
    } finally {
      arrived();
    }
  }

  /** Makes the connection to the node on which the seat is, and shows what comes from there in the place of what came before. */
  async #follow(): Promise<void> {
    const tracks = new Map<string, MediaStreamTrack>();
    const before = this.#board.now;
    const next = await this.#link.follow((mid, track) => tracks.set(mid, track));
    // The lines are those of before: the same places in the same order.
    const shown = before.views.filter((view) => view.participant !== '');
    if (shown.length > 0) await this.#talk.tell({ show: { views: shown } });
    const comes = (mid: string) => {
      const track = tracks.get(mid);
      if (track && this.#link.follows(next)) this.#link.comes(mid, track);
    };
    const seen = shown.filter((view) => {
      const one = this.#board.now.state.persons.find((person) => person.participant === view.participant);
      return view.height > 0 && (view.source === 'camera' ? one?.camera : one?.sharing);
    });
    await arrivals(
      next.connection,
      seen.map((view) => view.mid),
      comes,
    );
    for (const mid of tracks.keys()) comes(mid);
    if (!this.#link.follows(next)) return;
    this.#link.takes(next, before.views);
    // What the person did meanwhile went to the old one.
    await this.#own.refill(next, before);
    this.#link.seeing.show();
  }
}
