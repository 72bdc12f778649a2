/** What a statistic of a line tells that is of use here. */
export interface Inbound {
  type: string;
  mid?: string;
  kind?: string;
  framesDecoded?: number;
  packetsReceived?: number;
}

/** Milliseconds between two looks at what has come. */
const LOOK = 50;
/** Milliseconds after which a line that stays silent is not waited for: who was on it may be gone. */
export const WAITS = 5000;

/** The lines on which something has come: a picture that was decoded, or sound. */
export function arrived(reports: Iterable<Inbound>): string[] {
  const mids: string[] = [];
  for (const { type, mid, kind, framesDecoded, packetsReceived } of reports) {
    if (type !== 'inbound-rtp' || mid === undefined) continue;
    if ((kind === 'video' ? framesDecoded : packetsReceived) ?? 0) mids.push(mid);
  }
  return mids;
}

/**
 * Tells each line of a connection on which something comes for the first time, until all that are waited for have been told or the
 * time is over.
 */
export async function arrivals(
  connection: Pick<RTCPeerConnection, 'getStats' | 'signalingState'>,
  waited: readonly string[],
  tell: (mid: string) => void,
  within = WAITS,
): Promise<void> {
  const told = new Set<string>();
  for (const end = performance.now() + within; performance.now() < end && connection.signalingState !== 'closed'; ) {
    for (const mid of arrived((await connection.getStats()).values() as Iterable<Inbound>)) {
      if (told.has(mid)) continue;
      told.add(mid);
      tell(mid);
    }
    if (waited.every((mid) => told.has(mid))) return;
    await new Promise((done) => setTimeout(done, LOOK));
  }
}
