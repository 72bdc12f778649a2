/** A mainland mobile number as typed, without blanks, dashes and +86; null when it is none. */
export function phoneNumber(typed: string): string | null {
  const digits = typed.replace(/[\s-]/g, '').replace(/^(\+?86)(?=1\d{10}$)/, '');
  return /^1\d{10}$/.test(digits) ? digits : null;
}
