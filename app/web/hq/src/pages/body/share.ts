import type { Figures } from '../../data/queries.ts';
import { count, type RankRow } from './rank.ts';

/** The figure that is read as a share, and the one of which it is a share. */
export const PART = 'member.complete';
export const WHOLE = 'member.active';
/** People entered by import: read day by day, not as a level. */
export const FLOW = 'member.imported';

/** The metric that is needed beside the chosen one, to say which share of members have a complete file; none for others. */
export function partner(metric: string, declared: readonly { name: string }[]): string | null {
  const has = (name: string) => declared.some((one) => one.name === name);
  if (!has(PART) || !has(WHOLE)) return null;
  return metric === PART ? WHOLE : metric === WHOLE ? PART : null;
}

export interface ShareRow extends RankRow {
  /** Complete files and members, with all below; null while one of them is not known. */
  share: { part: number; whole: number } | null;
  ownShare: { part: number; whole: number } | null;
}

/** The rows of a metric with the share that they make together with the rows of its partner. */
export function withShare(rows: readonly RankRow[], metric: string, others: readonly RankRow[]): ShareRow[] {
  const by = new Map(others.map((row) => [row.code, row]));
  return rows.map((row) => {
    const other = by.get(row.code);
    const [part, whole] = metric === PART ? [row, other] : [other, row];
    return {
      ...row,
      share: part && whole ? { part: part.subtree, whole: whole.subtree } : null,
      ownShare: part && whole ? { part: part.own, whole: whole.own } : null,
    };
  });
}

/** A share in per cent, to a tenth, cut off; null when there is nothing to be a share of. */
export function perCent(share: { part: number; whole: number } | null): number | null {
  return share && share.whole > 0 ? Math.floor((share.part / share.whole) * 1000 + 1e-9) / 10 : null;
}

/** The rows by share, highest first; those without one last, larger bodies before smaller. */
export function byShare(rows: readonly ShareRow[]): ShareRow[] {
  return [...rows].sort(
    (a, b) =>
      (perCent(b.share) ?? -1) - (perCent(a.share) ?? -1) || b.subtree - a.subtree || (a.code < b.code ? -1 : 1),
  );
}

type Day = Figures['figures'][number]['trend'][number];

/** Two courses as one of shares; days that only one of them has are left out. */
export function shareTrend(
  parts: readonly Day[],
  wholes: readonly Day[],
): { day: string; part: number; whole: number }[] {
  const by = new Map(wholes.map((one) => [one.day, count(one.value)]));
  return parts.flatMap(({ day, value }) => {
    const whole = by.get(day);
    return whole === undefined ? [] : [{ day, part: count(value), whole }];
  });
}

/** What each day brought, out of a course of totals; the first day has nothing to compare with. */
export function daily(course: readonly { day: string; value: number }[]): { day: string; value: number }[] {
  return course.slice(1).map((one, i) => ({ day: one.day, value: Math.max(0, one.value - (course[i]?.value ?? 0)) }));
}
