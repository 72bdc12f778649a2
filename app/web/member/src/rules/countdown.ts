/** Whole seconds from now until a moment, both in Unix milliseconds; 0 once it is past. */
export function secondsLeft(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1000));
}

/** The digits of a code as typed or pasted, at most six: "your code is 123 456" gives 123456. */
export function codeDigits(typed: string): string {
  // Full-width digits come from Chinese keyboards.
  return typed.normalize('NFKC').replace(/\D/g, '').slice(0, 6);
}
