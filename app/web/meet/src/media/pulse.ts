/** A look at the way to the server: what has come over it, and how often it was asked whether it still leads there (STUN). */
export interface Beat {
  /** Milliseconds. */
  at: number;
  /** Bytes and answers, of any kind: it grows while the way leads anywhere. */
  came: number;
  asked: number;
  /** Seconds. */
  rtt: number;
}

/** Milliseconds that a question waits for an answer at least before the way is taken for cut; on slow ways three times there and back. */
const PATIENCE = 500;

type Report = Record<string, unknown> & { type: string };

/** beat reads the reports of a connection; null where the browser does not tell. */
export function beat(reports: Iterable<Report>, at: number): Beat | null {
  const all = [...reports];
  const chosen = all.find(({ type }) => type === 'transport')?.selectedCandidatePairId;
  const pair = all.find(({ type, id }) => type === 'candidate-pair' && id === chosen);
  if (!pair || typeof pair.requestsSent !== 'number') return null;
  return {
    at,
    came: Number(pair.bytesReceived ?? 0) + Number(pair.responsesReceived ?? 0),
    asked: pair.requestsSent,
    rtt: Number(pair.currentRoundTripTime ?? 0),
  };
}

/**
 * Tells a way that is cut from one on which nobody sends just now: nothing comes, and a question is not answered in time. A browser by
 * itself calls a connection disconnected after five seconds and more.
 */
export class Pulse {
  #last: Beat | null = null;
  #asked = Number.POSITIVE_INFINITY;

  /** take is told of each look; true: the way is cut. */
  take(now: Beat): boolean {
    const last = this.#last;
    if (!last || now.came !== last.came || now.asked < last.asked) {
      this.#last = now;
      this.#asked = Number.POSITIVE_INFINITY;
      return false;
    }
    if (now.asked > last.asked) this.#asked = Math.min(this.#asked, now.at);
    return now.at - this.#asked >= Math.max(PATIENCE, 3000 * last.rtt);
  }

  /** Another way is looked at from here on. */
  anew(): void {
    this.#last = null;
  }
}
