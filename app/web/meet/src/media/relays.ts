/**
 * A network that lets nothing through but the relay can be tried out before a meeting: the page then goes by the relay alone. It holds
 * as long as the page is open, and may be asked for by its address (`?relay`).
 */
let only = typeof location !== 'undefined' && new URLSearchParams(location.search).has('relay');

export const relayOnly = (): boolean => only;

export function setRelayOnly(on: boolean): void {
  only = on;
}

/** Milliseconds that the direct way is tried alone: a relay costs the server a socket for each who might need one. */
export const DIRECT = 2500;

/** configuration is how a connection finds its way. */
export function configuration(relays: readonly RTCIceServer[]): RTCConfiguration {
  return {
    bundlePolicy: 'max-bundle',
    iceServers: [...relays],
    iceTransportPolicy: only ? 'relay' : 'all',
  };
}
