import type { Schemas } from '@gonghui/api';

export interface RankRow {
  code: string;
  name: string;
  level: string;
  status: string;
  own: number;
  subtree: number;
  /** Subtree value of the last days, oldest first. */
  trend: number[];
  /** Bodies directly below on the line shown. */
  children: number;
  countedElsewhere: boolean;
}

/** What the wire sends: 64-bit counts travel as strings. */
export type ChildFigure = Schemas['ChildFigure'];

export function toRow(figure: ChildFigure): RankRow {
  return { ...figure, own: count(figure.own), subtree: count(figure.subtree), trend: figure.trend.map(count) };
}

/** A count of the wire as a number; counts stay far below 2^53. */
export function count(value: string): number {
  const n = Number(value);
  return Number.isFinite(n) ? n : 0;
}

/**
 * The rows of all loaded pages in order of rank. Figures move while pages are loaded, so that a body may come on two
 * of them or out of order: the later answer holds, and order is made here.
 */
export function ranked(pages: readonly (readonly ChildFigure[])[]): RankRow[] {
  const rows = new Map<string, RankRow>();
  for (const page of pages) {
    for (const figure of page) {
      const row = toRow(figure);
      rows.set(row.code, row);
    }
  }
  return [...rows.values()].sort((a, b) => b.subtree - a.subtree || (a.code < b.code ? -1 : 1));
}

export interface Bar {
  code: string;
  name: string;
  value: number;
  countedElsewhere: boolean;
}

/** The first rows of a ranking for a bar chart, largest first, named as short as it goes below this parent. */
export function bars(rows: readonly RankRow[], most: number, parent: string): Bar[] {
  return rows.slice(0, most).map(({ code, name, subtree, countedElsewhere }) => ({
    code,
    name: shortName(name, parent),
    value: subtree,
    countedElsewhere,
  }));
}

/** How the names of most bodies end: the words for union federation, union committee and union. */
const ENDING = /(?:\u603b\u5de5\u4f1a|\u5de5\u4f1a\u59d4\u5458\u4f1a|\u5de5\u4f1a)$/u;

/** A body's name for an axis: without the ending that all share, and without the place that the parent's name says. */
export function shortName(name: string, parent: string): string {
  const place = name.replace(ENDING, '');
  for (const head of [parent, parent.replace(ENDING, '')]) {
    const rest = place.startsWith(head) ? place.slice(head.length) : '';
    if (head && rest.length >= 2) return rest;
  }
  return place.length >= 2 ? place : name;
}
