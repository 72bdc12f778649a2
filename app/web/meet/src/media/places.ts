/** What somebody wants to see. */
export interface Wish {
  participant: string;
  source: 'camera' | 'screen';
  /** Device pixels at which it is shown; 0: it is kept ready but not shown now. */
  height: number;
  /** 0 to 10; the larger, the sooner served. */
  priority: number;
}

/** What a place of the connection shows: its line (mid) and a wish, or nobody. */
export interface View {
  mid: string;
  participant: string;
  source: '' | 'camera' | 'screen';
  height: number;
  priority: number;
}

const steps = [90, 180, 270, 360, 540, 720, 1080, 1440, 2160];

/** A height as it is told to the server: rounded up, so that a window that is being dragged does not tell every pixel. */
export function stepped(height: number): number {
  if (height <= 0) return 0;
  return steps.find((step) => step >= height) ?? 2160;
}

const same = (wish: { participant: string; source: string }, view: View) =>
  view.participant === wish.participant && view.source === wish.source;

/**
 * assign gives each wish a place. Who has one keeps it: a picture that goes on is not started anew. What no place is left for is
 * not shown; wishes that come first go first.
 */
export function assign(mids: readonly string[], now: readonly View[], wishes: readonly Wish[]): View[] {
  const had = new Map(now.filter((view) => mids.includes(view.mid)).map((view) => [view.mid, view]));
  const served = wishes.slice(0, mids.length);
  const next = new Map<string, View>();
  const waiting: Wish[] = [];
  for (const wish of served) {
    const own = [...had.values()].find((view) => same(wish, view));
    if (own) next.set(own.mid, { ...wish, mid: own.mid, height: stepped(wish.height) });
    else waiting.push(wish);
  }
  // A place that shows nobody first: what has just been let go may come back on the next page.
  const free = mids
    .filter((mid) => !next.has(mid))
    .sort((a, b) => Number(Boolean(had.get(a)?.participant)) - Number(Boolean(had.get(b)?.participant)));
  for (const mid of free) {
    const wish = waiting.shift();
    next.set(
      mid,
      wish
        ? { ...wish, mid, height: stepped(wish.height) }
        : { mid, participant: '', source: '', height: 0, priority: 0 },
    );
  }
  return mids.flatMap((mid) => next.get(mid) ?? []);
}

/** The views that the server does not know yet. */
export function changed(before: readonly View[], after: readonly View[]): View[] {
  const old = new Map(before.map((view) => [view.mid, view]));
  const nobody = { participant: '', source: '', height: 0, priority: 0 };
  return after.filter((view) => {
    const was = old.get(view.mid) ?? nobody;
    return !same(view, was as View) || was.height !== view.height || was.priority !== view.priority;
  });
}
