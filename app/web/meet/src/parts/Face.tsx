/** Somebody without a picture: the end of a Chinese name, or the first letters of another. */
export function initials(name: string): string {
  const plain = name.trim();
  if (/\p{Script=Han}/u.test(plain)) return plain.replace(/[^\p{Script=Han}]/gu, '').slice(-2);
  return plain
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0] ?? '')
    .join('')
    .toUpperCase();
}

const TONES = 6;

/** Everybody has a colour of their own, the same on every screen. */
export function tone(id: string): number {
  let sum = 0;
  for (const c of id) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) % 9973;
  return sum % TONES;
}

export function Face({ name, id }: { name: string; id: string }) {
  return (
    <span className={`face tone-${tone(id)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
