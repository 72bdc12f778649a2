import { describe, expect, test } from 'vitest';
import { chooseLine, figuresLine, type Line, type LinesBelow } from './line.ts';

const none: LinesBelow = { territorial: false, industrial: false };
const territorial: LinesBelow = { territorial: true, industrial: false };
const industrial: LinesBelow = { territorial: false, industrial: true };
const both: LinesBelow = { territorial: true, industrial: true };

describe('chooseLine', () => {
  test.each<[string | null, Line, LinesBelow, Line]>([
    ['industrial', 'territorial', both, 'industrial'],
    ['territorial', 'industrial', both, 'territorial'],
    // Asked for, but nothing lies below on it.
    ['industrial', 'territorial', territorial, 'territorial'],
    ['territorial', 'industrial', industrial, 'industrial'],
    [null, 'territorial', both, 'territorial'],
    [null, 'industrial', both, 'industrial'],
    [null, 'industrial', territorial, 'territorial'],
    ['sideways', 'territorial', both, 'territorial'],
    // A body without others below stays on its own line.
    ['territorial', 'industrial', none, 'industrial'],
    [null, 'territorial', none, 'territorial'],
  ])('%s on a %s body with %o below gives %s', (asked, primary, below, line) => {
    expect(chooseLine(asked, primary, below)).toBe(line);
  });
});

test('figures are official on the primary line and a view on the other', () => {
  expect(figuresLine('territorial', 'territorial')).toBe('');
  expect(figuresLine('industrial', 'industrial')).toBe('');
  expect(figuresLine('industrial', 'territorial')).toBe('industrial');
  expect(figuresLine('territorial', 'industrial')).toBe('territorial');
});
