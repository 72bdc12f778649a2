/** Seconds that a code stands on screen; the server takes it for as long again (Card.life). */
export const STEP = 30;

/** Bytes of the code's MAC that are shown. */
const SHOWN = 12;

/** The number of the step at a moment, and the whole seconds until the next. */
export function stepAt(seconds: number): { step: number; left: number } {
  const step = Math.floor(seconds / STEP);
  return { step, left: Math.ceil((step + 1) * STEP - seconds) };
}

/** How far the server's clock is before this phone's, in milliseconds; now is the server's, in Unix seconds. */
export function clockOffset(now: number | string, here: number): number {
  // The server cuts its second off: in the middle of it the error is the smallest.
  return Number(now) * 1000 + 500 - here;
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}

/** codeMaker readies the key of a card: each step then has its code, head.step.mac, also without a network. */
export async function codeMaker(head: string, secret: string): Promise<(step: number) => Promise<string>> {
  const hash = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', fromBase64url(secret), hash, false, ['sign']);
  return async (step) => {
    const text = `${head}.${step}`;
    const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text));
    return `${text}.${toBase64url(new Uint8Array(mac, 0, SHOWN))}`;
  };
}
