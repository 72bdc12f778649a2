/** The row at the foot of the members' app: keys in their order. */
export const FEWEST = 2;
export const MOST = 5;

/** Moves a key by one step; at the end of the row it stays. */
export function step(keys: string[], key: string, by: 1 | -1): string[] {
  const other = keys[keys.indexOf(key) + by];
  return other === undefined || !keys.includes(key) ? keys : place(keys, key, other);
}

/** Puts a key where another one stands. */
export function place(keys: string[], key: string, at: string): string[] {
  const to = keys.indexOf(at);
  if (to < 0 || !keys.includes(key) || key === at) return keys;
  const rest = keys.filter((one) => one !== key);
  return [...rest.slice(0, to), key, ...rest.slice(to)];
}

/** Takes a key in, before the last one, or out. */
export function turn(keys: string[], key: string, on: boolean): string[] {
  if (!on) return keys.filter((one) => one !== key);
  return keys.includes(key) ? keys : [...keys.slice(0, -1), key, ...keys.slice(-1)];
}
