/** A leadership line of the directory. */
export type Line = 'territorial' | 'industrial';

export const LINES: readonly Line[] = ['territorial', 'industrial'];

export function isLine(value: string | null | undefined): value is Line {
  return value === 'territorial' || value === 'industrial';
}

/** Which lines have bodies directly below the one shown. */
export type LinesBelow = Record<Line, boolean>;

/**
 * The line to show: the one asked for when it leads anywhere, else the body's primary line, else whichever has
 * bodies below.
 */
export function chooseLine(asked: string | null, primary: Line, below: LinesBelow): Line {
  if (isLine(asked) && below[asked]) return asked;
  if (below[primary]) return primary;
  return LINES.find((line) => below[line]) ?? primary;
}

/**
 * The `line` parameter of the figures of a body: empty along its primary line, where the count is the official
 * one, and the line itself where the page is only a view.
 */
export function figuresLine(line: Line, primary: Line): '' | Line {
  return line === primary ? '' : line;
}
