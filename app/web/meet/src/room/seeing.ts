import type { Peer } from '../media/peer.ts';
import { assign, changed, type View, type Wish } from '../media/places.ts';
import type { Board } from './board.ts';
import { ignore } from './ignore.ts';
import type { Talk } from './talk.ts';

/** Whom the page wants to see, on which line each comes, and what the server has been told of it. */
export class Seeing {
  readonly #board: Board;
  readonly #talk: Talk;
  #peer: Peer | null = null;
  #wishes: readonly Wish[] = [];
  #previews: readonly Wish[] = [];
  #told: readonly View[] = [];
  #showing: Promise<void> = Promise.resolve();

  constructor(board: Board, talk: Talk) {
    this.#board = board;
    this.#talk = talk;
  }

  /** Says what the page wants to see, the most important first. */
  see(wishes: readonly Wish[]): void {
    this.#wishes = wishes;
    this.show();
  }

  /** Says whom else the page wants to see, after all others. */
  preview(wishes: readonly Wish[]): void {
    this.#previews = wishes;
    this.show();
  }

  /** Pictures come by another connection, of which the server has been told this much. */
  by(peer: Peer, told: readonly View[]): void {
    this.#peer = peer;
    this.#told = told;
  }

  show(): void {
    const peer = this.#peer;
    if (!peer || peer.pictures.length === 0) return;
    const views = assign(peer.pictures, this.#board.now.views, [...this.#wishes, ...this.#previews]);
    if (changed(this.#board.now.views, views).length === 0) return;
    this.#board.set({ views });
    this.#showing = this.#showing.catch(ignore).then(() => this.#tell(peer));
  }

  async #tell(peer: Peer): Promise<void> {
    const { views } = this.#board.now;
    const news = changed(this.#told, views);
    if (news.length === 0 || !this.#talk.used || this.#peer !== peer) return;
    const before = this.#told;
    this.#told = views;
    await this.#talk.tell({ show: { views: news } }).catch(() => {
      this.#told = before;
    });
  }
}
