/**
 * Where the arrow keys lead in a list of results: round the end, and from the field itself (-1) to the first or the
 * last.
 */
export function step(at: number, by: 1 | -1, length: number): number {
  if (length === 0) return -1;
  if (at < 0) return by === 1 ? 0 : length - 1;
  return (at + by + length) % length;
}
