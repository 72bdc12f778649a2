import type { Schemas } from '@gonghui/api';

type Metric = Schemas['Metric'];

/** The figure that is asked for first: members on the roll. */
const FIRST = 'member.active';

/** The metrics in the order in which they are shown: the first one first, the others as their modules stand. */
export function ordered(metrics: readonly Metric[]): Metric[] {
  return [...metrics].sort((a, b) => Number(b.name === FIRST) - Number(a.name === FIRST));
}

/** The metric to rank by: the one asked for when it is declared, else the one shown first. */
export function chooseMetric(asked: string | null, shown: readonly Metric[]): Metric | undefined {
  return shown.find((metric) => metric.name === asked) ?? shown[0];
}
