/**
 * The seat of who came from outside, by the number of the meeting: it proves that it is the same person, also after the page was opened
 * anew. It is kept as long as the window, and for this window alone.
 */
const key = (number: string) => `gonghui.meet.seat.${number}`;

export function seatIn(number: string): string {
  try {
    return sessionStorage.getItem(key(number)) ?? '';
  } catch {
    return '';
  }
}

export function keepSeat(number: string, seat: string): void {
  try {
    sessionStorage.setItem(key(number), seat);
  } catch {
    // Forbidden: it then lasts as long as the page.
  }
}
