import type { Line } from './line';

export interface CrumbBody {
  code: string;
  name: string;
  shortName: string;
}

export interface Crumb {
  code: string;
  name: string;
  /** Short form for narrow screens. */
  short: string;
  /** False above the caller's anchor, where there is nothing to see. */
  open: boolean;
}

export interface Lineage {
  primaryLine: Line;
  /** From the top down to the direct parent, along the primary line. */
  ancestors: readonly CrumbBody[];
  /** The same along the other line; empty when the body has no parent there. */
  otherAncestors: readonly CrumbBody[];
}

/** The bodies above the one shown, top first, on the line shown or, without a parent there, on the primary line. */
export function crumbs(lineage: Lineage, line: Line, anchor: string): Crumb[] {
  const { ancestors, otherAncestors, primaryLine } = lineage;
  const path = line !== primaryLine && otherAncestors.length > 0 ? otherAncestors : ancestors;
  const within = new Set([...fromAnchor(ancestors, anchor), ...fromAnchor(otherAncestors, anchor)]);
  return path.map((body) => ({
    code: body.code,
    name: body.name,
    short: body.shortName || body.name,
    open: within.has(body.code),
  }));
}

function fromAnchor(path: readonly CrumbBody[], anchor: string): string[] {
  const at = path.findIndex((body) => body.code === anchor);
  return at < 0 ? [] : path.slice(at).map((body) => body.code);
}
