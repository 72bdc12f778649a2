import type { Peer } from '../media/peer.ts';
import { beat, Pulse } from '../media/pulse.ts';
import { reportOf, sizes } from '../media/report.ts';
import { bars, noHint, rates, type Sample, sample, steady, trouble } from '../media/stats.ts';
import type { Board } from './board.ts';
import { ignore } from './ignore.ts';
import type { Talk } from './talk.ts';

/** Milliseconds between two looks at how the connection does. */
const SAMPLE = 2000;
/** Milliseconds between two looks at whether the way still leads to the server. */
const BEAT = 500;
/** Looks after which the server is told how it was: ten seconds. */
const REPORT = 5;

/** How a media connection does: told to the person as a hint, to the server as a report. */
export class Health {
  readonly #board: Board;
  readonly #talk: Talk;
  readonly #peer: () => Peer | null;
  readonly #cut: () => void;
  readonly #pulse = new Pulse();
  #timers: ReturnType<typeof setInterval>[] = [];
  #last: Sample | null = null;
  #reported: Sample | null = null;
  #looks = 0;
  #hint = noHint;

  /** cut is called when a way that the browser still takes for good leads nowhere any more. */
  constructor(board: Board, talk: Talk, peer: () => Peer | null, cut: () => void) {
    this.#board = board;
    this.#talk = talk;
    this.#peer = peer;
    this.#cut = cut;
  }

  start(): void {
    this.#timers = [setInterval(() => void this.#look(), SAMPLE), setInterval(() => void this.#feel(), BEAT)];
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Another connection counts from nothing; the report of the same seat goes on. */
  anew(sameSeat: boolean): void {
    this.#last = null;
    this.#pulse.anew();
    if (!sameSeat) this.#reported = null;
  }

  async #feel(): Promise<void> {
    const peer = this.#peer();
    if (peer?.connection.connectionState !== 'connected') return;
    // Those of one line on which something has come tell of the way as well, and are quickly made.
    const line = peer.connection.getReceivers().find(({ track }) => !track.muted);
    const reports = await (line ?? peer.connection).getStats();
    const now = beat(reports.values() as Iterable<never>, performance.now());
    if (!now || this.#peer() !== peer || !this.#pulse.take(now)) return;
    this.#pulse.anew();
    this.#cut();
  }

  async #look(): Promise<void> {
    const peer = this.#peer();
    if (peer?.connection.connectionState !== 'connected') return;
    const reports: Parameters<typeof sample>[0] = [...(await peer.connection.getStats()).values()] as never;
    const now = sample(reports, performance.now());
    this.#report(now, reports);
    const before = this.#last;
    this.#last = now;
    if (!before || this.#peer() !== peer) return;
    const rate = rates(before, now);
    const { camera, hint, bars: shown } = this.#board.now;
    this.#hint = steady(this.#hint, trouble(rate, camera));
    const next = bars(rate);
    if (this.#hint.shown !== hint || next !== shown) this.#board.set({ hint: this.#hint.shown, bars: next });
  }

  /** Tells the server every ten seconds how it was: it is kept with the attendance. */
  #report(now: Sample, reports: Parameters<typeof sizes>[0]): void {
    const before = this.#reported;
    if (before && ++this.#looks % REPORT !== 0) return;
    this.#reported = now;
    if (!before) return;
    void this.#talk.tell({ report: reportOf(before, now, sizes(reports), navigator.userAgent) }).catch(ignore);
  }
}
