/** Why a new password will not do, in the order in which it is worth saying. */
export type PasswordFlaw = 'short' | 'kinds' | 'same';

/** The rules that can be told before the server is asked: 8 characters, two kinds, another than the old one. */
export function passwordFlaw(next: string, old: string): PasswordFlaw | null {
  if (next.length < 8) return 'short';
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(next)).length;
  if (kinds < 2) return 'kinds';
  return next === old ? 'same' : null;
}
