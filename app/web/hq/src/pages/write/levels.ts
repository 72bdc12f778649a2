import type { Line } from '../body/line.ts';

/** Levels of bodies that can be founded, the highest first. */
export const LEVELS = ['national_industrial', 'province', 'city', 'county', 'town', 'village', 'grassroots'] as const;
export type Level = (typeof LEVELS)[number];

export const KINDS = [
  'territorial_union',
  'industrial_union',
  'grassroots_union',
  'joint_union',
  'federation',
] as const;
export type Kind = (typeof KINDS)[number];

/** The levels that can stand below one: lower ones, and the grassroots below the grassroots. */
export function levelsBelow(level: string): Level[] {
  if (level === 'national') return [...LEVELS];
  if (level === 'grassroots') return ['grassroots'];
  return LEVELS.slice((LEVELS as readonly string[]).indexOf(level) + 1);
}

/** The level one expects first: a province below the nation, otherwise the next one down. */
export function usualLevel(parent: string, line: Line): Level {
  if (parent === 'national') return line === 'industrial' ? 'national_industrial' : 'province';
  return levelsBelow(parent)[0] ?? 'grassroots';
}

/** The kind that goes with a level on a line unless one says otherwise. */
export function usualKind(level: Level, line: Line): Kind {
  if (level === 'grassroots') return 'grassroots_union';
  if (level === 'town' || level === 'village') return 'federation';
  return line === 'industrial' || level === 'national_industrial' ? 'industrial_union' : 'territorial_union';
}
