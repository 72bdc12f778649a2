// The members' app on the oldest browsers that it is built for, Chromium 83 and Safari 14: what the build emits is read for what
// they do not have. That Chromium 83 really runs it, old.journey.mjs shows.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as ts from 'typescript';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { web } from './files.ts';

const text = new Map<string, string>();

beforeAll(async () => {
  const root = join(web, 'member');
  // The libraries are built for the test that this is, unless told otherwise.
  vi.stubEnv('NODE_ENV', 'production');
  const built = await build({
    mode: 'production',
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'silent',
    build: { write: false },
  });
  for (const one of (Array.isArray(built) ? built : [built]) as Rolldown.RolldownOutput[]) {
    for (const file of one.output) {
      const code = file.type === 'chunk' ? file.code : file.source;
      text.set(file.fileName, typeof code === 'string' ? code : Buffer.from(code).toString());
    }
  }
}, 120_000);
afterAll(() => vi.unstubAllEnvs());

const ending = (end: string) => [...text].filter(([name]) => name.endsWith(end));

/** Syntax younger than ES2020, and what Safari 14 lacks of that: private members, blocks and fields of a class's own. */
function young(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const assigning = [
    ts.SyntaxKind.QuestionQuestionEqualsToken,
    ts.SyntaxKind.BarBarEqualsToken,
    ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ];
  const visit = (node: ts.Node): void => {
    if (ts.isPrivateIdentifier(node)) found.push(`private member ${node.text}`);
    if (ts.isPropertyDeclaration(node)) found.push(`class field ${node.name.getText(source)}`);
    if (ts.isClassStaticBlockDeclaration(node)) found.push('static block');
    if (ts.isBinaryExpression(node) && assigning.includes(node.operatorToken.kind)) found.push('logical assignment');
    if (ts.isRegularExpressionLiteral(node) && /\(\?<[=!]|\/[a-z]*[dv][a-z]*$/.test(node.text)) found.push(node.text);
    if (ts.isAwaitExpression(node)) {
      let up: ts.Node = node;
      while (up && !ts.isFunctionLike(up) && !ts.isSourceFile(up)) up = up.parent;
      if (ts.isSourceFile(up)) found.push('await at the top');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const parsed = (name: string, code: string) =>
  ts.createSourceFile(name, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);

test('the reader of syntax sees what is too young', () => {
  const code = 'class A { #x() {} y = 1; static {} } a ??= 1; await b; /(?<=a)b/; async () => { await c }';
  expect(young(parsed('a.js', code))).toEqual([
    'private member #x',
    'class field y',
    'static block',
    'logical assignment',
    'await at the top',
    '/(?<=a)b/',
  ]);
});

test('the syntax of every script is theirs', () => {
  expect(ending('.js').length).toBeGreaterThan(20);
  for (const [name, code] of ending('.js')) expect(young(parsed(name, code)), name).toEqual([]);
});

/** Calls that neither or only one of them knows; react and its like ask before they use one. */
const missing =
  /\.at\(|\.replaceAll\(|\.findLast\w*\(|\.to(Sorted|Reversed|Spliced)\(|\bstructuredClone\(|Object\.(hasOwn|groupBy)\(|Array\.fromAsync|AbortSignal\.\w+\(|\.randomUUID\(|Promise\.(any|try|withResolvers)\(|new WeakRef|Intl\.(DisplayNames|ListFormat|Segmenter)|\.checkVisibility\(|\.showPicker\(|requestIdleCallback\(|new BroadcastChannel|Error\.captureStack/;

test('no script calls what they do not have', () => {
  expect('a.at(-1)').toMatch(missing);
  for (const [name, code] of ending('.js')) expect(missing.exec(code)?.[0] ?? '', name).toBe('');
});

test('the styles have a way for them', () => {
  const css = ending('.css')
    .map(([, rules]) => rules)
    .join('');
  expect(css.length).toBeGreaterThan(10_000);
  const asked = css.replace(/@supports[^{]*\{([^{}]*\{[^{}]*\})*[^{}]*\}/g, '');
  for (const never of [
    /[;{]inset\b/,
    /\d(dvh|svh|lvh|cqw)\b/,
    /[;{](padding|margin)-(inline|block):/,
    /:has\(/,
    /[;{]aspect-ratio/,
    /@layer/,
    /@container/,
  ])
    expect(never.exec(asked)?.[0] ?? '').toBe('');
  // Gaps are for grids: between boxes in a row they are younger.
  for (const [, selector = '', rule = ''] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (/display:\s*(inline-)?flex/.test(rule)) expect(/(^|;)(row-|column-)?gap:/.test(rule), selector).toBe(false);
  }
  expect(/@supports not \(color:\s*color-mix/.test(css)).toBe(true);
});

test('who has an older one reads the start page: it is ES5', () => {
  const html = text.get('index.html') ?? '';
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code]) => code);
  expect(scripts).toHaveLength(2);
  const boot = scripts.join('\n');
  expect(boot.length).toBeGreaterThan(1000);
  const source = ts.createSourceFile('boot.js', boot, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const newer: string[] = [];
  const visit = (node: ts.Node): void => {
    const { kind } = node;
    if (ts.isArrowFunction(node) || ts.isTemplateLiteral?.(node) || ts.isClassLike(node) || ts.isSpreadElement(node))
      newer.push(node.getText(source));
    if (ts.isVariableDeclarationList(node) && node.flags & ts.NodeFlags.BlockScoped) newer.push(node.getText(source));
    if (kind === ts.SyntaxKind.QuestionDotToken || kind === ts.SyntaxKind.QuestionQuestionToken) newer.push('?');
    if (ts.isShorthandPropertyAssignment(node) || ts.isMethodDeclaration(node) || ts.isBindingPattern?.(node as never))
      newer.push(node.getText(source));
    if (ts.isCatchClause(node) && !node.variableDeclaration) newer.push('catch');
    ts.forEachChild(node, visit);
  };
  visit(source);
  expect(newer).toEqual([]);
  expect(boot).not.toMatch(/,\s*\)/);
});

/** Bytes, gzipped, of the first page of somebody; the product's limit is 120 kB. */
const LIMIT = 108_000;

test.each(['visitor', 'member'])('the first page of a %s is light', (who) => {
  const html = text.get('index.html') ?? '';
  const other = who === 'visitor' ? 'member' : 'visitor';
  const page = html.replace(new RegExp(`<!--${other}-->[\\s\\S]*?<!--/${other}-->`), '');
  const files = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, name = '']) => name);
  expect(files.length).toBeGreaterThan(3);
  const size = files.reduce((sum, name) => sum + gzipSync(text.get(name) ?? '', { level: 9 }).length, 0);
  expect(size).toBeLessThan(LIMIT);
});
