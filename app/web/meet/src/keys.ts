/** What a key does in a meeting. */
export type Act =
  | 'microphone'
  | 'camera'
  | 'hand'
  | 'screen'
  | 'chat'
  | 'people'
  | 'votes'
  | 'layout'
  | 'full'
  | 'help'
  | 'close'
  | 'leave';

const acts: Record<string, Act> = {
  m: 'microphone',
  v: 'camera',
  h: 'hand',
  s: 'screen',
  c: 'chat',
  p: 'people',
  b: 'votes',
  l: 'layout',
  f: 'full',
  '?': 'help',
  escape: 'close',
};

/** The keys as they are told to people, in this order. */
export const told: readonly (readonly [string, Act])[] = [
  ['M', 'microphone'],
  ['V', 'camera'],
  ['H', 'hand'],
  ['S', 'screen'],
  ['C', 'chat'],
  ['P', 'people'],
  ['B', 'votes'],
  ['L', 'layout'],
  ['F', 'full'],
  ['?', 'help'],
  ['Esc', 'close'],
];

interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
  isComposing: boolean;
  target: unknown;
}

const writes = (target: unknown) => {
  const element = target as { tagName?: string; isContentEditable?: boolean; type?: string } | null;
  if (element?.isContentEditable) return true;
  return (
    /^(TEXTAREA|SELECT)$/.test(element?.tagName ?? '') ||
    (element?.tagName === 'INPUT' && !/^(checkbox|radio|button|range)$/.test(element.type ?? ''))
  );
};

/** actOf is what a key press means; null for one that belongs to the browser or to a text that is being written. */
export function actOf(press: Press): Act | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.repeat || press.isComposing) return null;
  const act = acts[press.key.toLowerCase()] ?? null;
  return act !== 'close' && writes(press.target) ? null : act;
}
