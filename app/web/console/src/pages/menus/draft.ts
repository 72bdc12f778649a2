import type { Full, Schemas } from '@gonghui/api';

export type MenuItem = Full<Schemas['MenuItem']>;

export const places = ['console', 'home', 'portal'] as const;
export type Place = (typeof places)[number];

/** The roles whose menu can be arranged on its own; the empty one is for all. */
export const roles = ['', 'admin', 'officer', 'member', 'system_admin', 'security_admin', 'audit_admin'] as const;

/** What stands in a group stands right behind it, so that what moves on screen moves with it. */
export function grouped(items: MenuItem[]): MenuItem[] {
  const groups = new Set(items.filter((i) => i.kind === 'group').map((i) => i.key));
  const top = items.filter((i) => !groups.has(i.group));
  return top.flatMap((i) => (i.kind === 'group' ? [i, ...items.filter((inner) => inner.group === i.key)] : [i]));
}

/** Whether an item may be moved by hand: what a body above holds fast keeps its place. */
export const movable = (item: MenuItem) => item.lockedByCode === '';

/** The items that go along when one is moved. */
const block = (items: MenuItem[], key: string) =>
  items.filter((i) => i.key === key || (i.group === key && items.some((g) => g.key === key && g.kind === 'group')));

/** Moves an item by one step among those beside it: the top level, or its own group. A group takes what stands in it along. */
export function step(items: MenuItem[], key: string, by: 1 | -1): MenuItem[] {
  const item = items.find((i) => i.key === key);
  if (!item) return items;
  const beside = items.filter((i) => i.group === item.group);
  const other = beside[beside.indexOf(item) + by];
  return other ? place(items, key, other.key) : items;
}

/** Puts an item where another one stands; both have to be in the same group, or at the top. */
export function place(items: MenuItem[], key: string, at: string): MenuItem[] {
  const item = items.find((i) => i.key === key);
  const other = items.find((i) => i.key === at);
  if (!item || !other || item === other || item.group !== other.group) return items;
  const moved = block(items, key);
  const before = items.indexOf(other) < items.indexOf(item);
  const rest = items.filter((i) => !moved.includes(i));
  const target = block(rest, at);
  const anchor = before ? rest.indexOf(other) : rest.indexOf(target[target.length - 1] ?? other) + 1;
  return [...rest.slice(0, anchor), ...moved, ...rest.slice(anchor)];
}

/** Changes one item; what leaves or enters a group finds its place. */
export function change(items: MenuItem[], key: string, to: Partial<MenuItem>): MenuItem[] {
  return grouped(items.map((i) => (i.key === key ? { ...i, ...to } : i)));
}

/** Takes an own item away; what stood in it comes to the top. */
export function remove(items: MenuItem[], key: string): MenuItem[] {
  return items.filter((i) => i.key !== key).map((i) => (i.group === key ? { ...i, group: '' } : i));
}

/** An item of the body's own, without a title yet. */
export function own(kind: 'link' | 'group', random: () => string): MenuItem {
  return {
    key: `own.${random()
      .replace(/[^a-z0-9]/g, '')
      .slice(0, 8)
      .padEnd(8, '0')}`,
    kind,
    titleZh: '',
    titleEn: '',
    hidden: false,
    group: '',
    url: '',
    locked: false,
    path: '',
    icon: '',
    inheritedTitleZh: '',
    inheritedTitleEn: '',
    inheritedHidden: false,
    inheritedGroup: '',
    originCode: '',
    originName: '',
    lockedByCode: '',
    lockedByName: '',
    fixed: false,
    held: true,
    capability: '',
    capabilityTitleZh: '',
    capabilityTitleEn: '',
    own: true,
  };
}

/** Made by the body itself, and so for it to take away. */
export const isOwn = (item: MenuItem) =>
  (item.kind === 'link' || item.kind === 'group') && item.inheritedTitleZh === '';

/** What the server takes of an item. */
export const sent = ({ key, kind, titleZh, titleEn, hidden, group, url, locked }: MenuItem) => ({
  key,
  kind,
  titleZh,
  titleEn,
  hidden,
  group,
  url,
  locked,
});

/** Whether two arrangements are the same to the server. */
export const same = (a: MenuItem[], b: MenuItem[]) => JSON.stringify(a.map(sent)) === JSON.stringify(b.map(sent));

/** What somebody sees of an arrangement: nothing hidden, alone or with its group, and no group that holds nothing. */
export function seen(items: MenuItem[]): MenuItem[] {
  const shut = new Set(items.filter((i) => i.kind === 'group' && i.hidden).map((i) => i.key));
  const open = items.filter((i) => !i.hidden && i.held && !shut.has(i.group));
  return open.filter((i) => i.kind !== 'group' || open.some((inner) => inner.group === i.key));
}

/** An arrangement as a file that another body, or a later day, can take up. */
export function toFile(place: Place, items: MenuItem[]): string {
  return JSON.stringify({ gonghui: 'menu', version: 1, place, items: items.map(sent) }, null, 2);
}

/**
 * Lays an arrangement out of a file over the present one. What the body does not have is left out, what a body above holds
 * fast stays; null when the file is none, or one of another place.
 */
export function fromFile(text: string, at: Place, now: MenuItem[]): MenuItem[] | null {
  let file: { gonghui?: unknown; place?: unknown; items?: unknown };
  try {
    file = JSON.parse(text);
  } catch {
    return null;
  }
  if (file?.gonghui !== 'menu' || file.place !== at || !Array.isArray(file.items)) return null;
  const texts = (value: unknown, most: number) => (typeof value === 'string' ? value.slice(0, most) : '');
  const wanted = (file.items as Record<string, unknown>[]).filter((i) => typeof i?.key === 'string').slice(0, 120);
  const taken = wanted.flatMap((w): MenuItem[] => {
    const base = now.find((i) => i.key === w.key);
    const fresh = /^own\.[a-z0-9]{4,16}$/.test(String(w.key)) && (w.kind === 'link' || w.kind === 'group');
    if (!base && !fresh) return [];
    if (base && !movable(base)) return [base];
    const from = base ?? { ...own(w.kind as 'link' | 'group', () => ''), key: String(w.key) };
    return [
      {
        ...from,
        titleZh: texts(w.titleZh, 20) || from.titleZh,
        titleEn: texts(w.titleEn, 40) || from.titleEn,
        hidden: w.hidden === true && !from.fixed,
        group: from.fixed ? '' : texts(w.group, 48),
        url: base && !isOwn(base) ? base.url : texts(w.url, 300),
        locked: w.locked === true,
      },
    ];
  });
  const once = taken.filter((i, n) => taken.findIndex((j) => j.key === i.key) === n);
  const rest = now.filter((i) => !once.some((j) => j.key === i.key) && !isOwn(i));
  const all = [...once, ...rest];
  const groups = new Set(all.filter((i) => i.kind === 'group').map((i) => i.key));
  return grouped(all.map((i) => (i.group && !groups.has(i.group) ? { ...i, group: '' } : i)));
}
