/** Milliseconds for which a card before the camera is one scan. */
const SAME = 4000;

/** What was seen last. */
export interface Sight {
  code: string;
  /** Milliseconds. */
  at: number;
  /** The answer was that the card is valid. */
  valid?: boolean;
}

/** The card that a code belongs to: all of the code but its moment and its proof, the last two parts. */
function card(code: string): string {
  return code.split('.').slice(0, -2).join('.') || code;
}

/**
 * Whether a code before the camera is a new scan. A card that is held still is seen many times a second: it counts once,
 * and again only after it was away for a while. A valid card stays the same one when it makes its next code; any other
 * answer is tried again with the next code at once.
 */
export function fresh(last: Sight | null, now: Sight): boolean {
  return !last || !held(last, now) || now.at - last.at > SAME;
}

/** Whether it is still the card seen last. */
export function held(last: Sight, now: Sight): boolean {
  return last.valid ? card(last.code) === card(now.code) : last.code === now.code;
}
