import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { antdTheme } from './antdTheme.ts';
import { contrast } from './base/contrast.ts';
import { plainTheme } from './base/theme.ts';

const css = readFileSync(join(import.meta.dirname, 'base/tokens.css'), 'utf8');

/** The variables of the rule with this selector, as far as they are plain colours. */
function colours(selector: string): Record<string, string> {
  const [, rule = ''] = css.match(new RegExp(`^${selector.replace(/[[\]]/g, '\\$&')} \\{([^}]*)\\}`, 'm')) ?? [];
  return Object.fromEntries([...rule.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map(([, k = '', v = '']) => [k, v]));
}

const light = colours(':root');
const dark = { ...light, ...colours(':root[data-mode="dark"]') };

const grounds = ['page', 'surface', 'raised', 'hover'];
const pairs = [
  ...['text', 'text-2'].flatMap((ink) => grounds.map((ground) => [ink, ground] as const)),
  ...['page', 'surface'].map((ground) => ['text-3', ground] as const),
  ...['good', 'warn', 'bad', 'note'].flatMap((ink) => [[ink, `${ink}-soft`] as const, [ink, 'surface'] as const]),
];

// WCAG 2.1, 1.4.3: text needs 4.5:1.
test.each([
  ['light', light],
  ['dark', dark],
] as const)('every ink can be read on its grounds, %s', (_, of) => {
  for (const [ink, ground] of pairs) {
    expect(contrast(of[ink] ?? '', of[ground] ?? ''), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  }
});

test.each([
  ['light', light, false],
  ['dark', dark, true],
] as const)('antd has the same colours, %s', (_, of, isDark) => {
  const { token } = antdTheme(plainTheme, isDark, false);
  expect(token).toMatchObject({
    colorBgLayout: of.page,
    colorBgContainer: of.surface,
    colorBgElevated: of.raised,
    colorBorder: of['line-strong'],
    colorBorderSecondary: of.line,
    colorText: of.text,
    colorTextSecondary: of['text-2'],
    colorTextTertiary: of['text-3'],
    colorSuccess: of.good,
    colorWarning: of.warn,
    colorError: of.bad,
    colorInfo: of.note,
  });
});
