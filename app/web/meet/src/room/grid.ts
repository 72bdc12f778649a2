/** How tiles lie: columns, rows, and the size of each in CSS pixels. */
export interface Grid {
  columns: number;
  rows: number;
  width: number;
  height: number;
}

/** Width to height of a tile; on an upright phone tiles are nearer to a square. */
export const WIDE = 16 / 9;
export const UPRIGHT = 1;

/** grid finds the columns that make n tiles the largest in a box. */
export function grid(n: number, width: number, height: number, gap: number, shape = WIDE): Grid {
  let best: Grid = { columns: 1, rows: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= Math.max(1, n); columns++) {
    const rows = Math.ceil(Math.max(1, n) / columns);
    const cell = (width - gap * (columns - 1)) / columns;
    const tall = (height - gap * (rows - 1)) / rows;
    const w = Math.max(0, Math.min(cell, tall * shape));
    if (w > best.width) best = { columns, rows, width: Math.floor(w), height: Math.floor(w / shape) };
  }
  return best;
}

/** Tiles of a page at most: as many as are still to be made out. */
export function perPage(width: number, height: number): number {
  if (width < 600) return height < 600 ? 4 : 6;
  if (width < 1000) return 9;
  return 16;
}

/** The pages that n tiles take, and a page number that there is. */
export function paged(
  n: number,
  size: number,
  page: number,
): { pages: number; page: number; from: number; to: number } {
  const pages = Math.max(1, Math.ceil(n / size));
  const at = Math.min(Math.max(0, page), pages - 1);
  return { pages, page: at, from: at * size, to: Math.min(n, (at + 1) * size) };
}
