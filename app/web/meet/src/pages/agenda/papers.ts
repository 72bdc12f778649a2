import type { Room } from '../../room/room.ts';
import type { PaperAddress } from '../../signal/agenda.ts';
import { Lost } from '../../signal/client.ts';

/** Kinds that browsers show as pictures. */
const pictures: readonly string[] = ['png', 'jpeg', 'gif', 'webp'];

export const isPicture = (kind: string): boolean => pictures.includes(kind);

/** Whether a file is looked at in the page; others are kept as files. */
export const isLookedAt = (kind: string): boolean => kind === 'pdf' || isPicture(kind);

/** addressIn asks, in the meeting, for an address of a file. */
export async function addressIn(room: Room, id: string, download = false): Promise<PaperAddress> {
  const { address } = await room.ask({ agenda: { do: 'open', id, download } });
  if (!address) throw new Lost();
  return address;
}

/** Hands a file at an address to the browser, to be kept. */
export function keep(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}

/** A span of milliseconds until the end of an item, and whether it is behind. Null when nobody has said how long it takes. */
export function leftOf(minutes: number, began: number, now: number): { over: boolean; span: number } | null {
  if (minutes === 0 || began === 0) return null;
  const left = began + minutes * 60_000 - now;
  return { over: left < 0, span: Math.abs(left) };
}
