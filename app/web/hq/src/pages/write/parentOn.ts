import type { Lineage } from '../../data/queries.ts';
import type { Line } from '../body/line.ts';

/** The direct parent of a body on a line, when it has one there. */
export function parentOn(lineage: Pick<Lineage, 'body' | 'ancestors' | 'otherAncestors'>, line: Line) {
  return (line === lineage.body.primaryLine ? lineage.ancestors : lineage.otherAncestors).at(-1);
}
