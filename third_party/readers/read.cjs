// Reads project files by parsers that are not ours. Standard input: [{kind, name, text}]; standard output, in the same order:
// [{value}] or [{error}].
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const firstError = (node) => {
  if (node.isMissing() || node.type === 'ERROR') return node;
  for (const child of node.children) {
    const found = child.hasError || child.isMissing() ? firstError(child) : null;
    if (found) return found;
  }
  return null;
};

let swift;
const parsers = {
  json: (text) => JSON.parse(text),
  json5: (text) => require('json5').parse(text),
  js: (text) => require('acorn').parse(text, { ecmaVersion: 2020, sourceType: 'script' }).body.length,
  plist: (text) => require('plist').parse(text),
  xml: (text) => {
    const { SaxesParser } = require('saxes');
    const parser = new SaxesParser();
    const seen = { elements: [], text: [] };
    parser.on('opentag', (tag) => seen.elements.push({ name: tag.name, attributes: tag.attributes }));
    parser.on('text', (t) => t.trim() && seen.text.push(t.trim()));
    parser.write(text).close();
    return seen;
  },
  // WXML has several roots.
  wxml: (text) => parsers.xml(`<wxml>${text}</wxml>`),
  pbxproj: (text) => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'readers-')), 'project.pbxproj');
    fs.writeFileSync(file, text);
    try {
      return require('xcode').project(file).parseSync().hash.project;
    } finally {
      fs.rmSync(path.dirname(file), { recursive: true });
    }
  },
  swift: (text) => {
    const root = swift.parse(text).rootNode;
    const bad = root.hasError ? firstError(root) : null;
    if (root.hasError) throw new Error(`line ${(bad ?? root).startPosition.row + 1}: ${(bad ?? root).text.slice(0, 80)}`);
    return root.namedChildCount;
  },
  ets: (text, name) => {
    const ts = require('ohos-typescript');
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2021, true, ts.ScriptKind.ETS, {
      ets: {
        components: ['Column', 'Row', 'Stack', 'Scroll', 'Text', 'Button', 'Image', 'Web', 'Blank'],
        render: { method: ['build'], decorator: ['Builder'] },
        libs: [], customComponent: 'CustomComponent', propertyDecorators: [],
        extend: { decorator: [], components: [] },
        styles: { decorator: 'Styles', component: { name: 'Common' }, property: 'stateStyles' },
        syntaxComponents: { paramsUICallback: ['ForEach', 'LazyForEach'], attrUICallback: [] },
        concurrent: { decorator: 'Concurrent' },
      },
    });
    if (file.parseDiagnostics.length > 0) {
      const d = file.parseDiagnostics[0];
      const { line } = file.getLineAndCharacterOfPosition(d.start);
      throw new Error(`line ${line + 1}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
    }
    return file.statements.length;
  },
};

(async () => {
  const asked = JSON.parse(fs.readFileSync(0, 'utf8'));
  if (asked.some((a) => a.kind === 'swift')) {
    const Parser = require('web-tree-sitter');
    await Parser.init();
    swift = new Parser();
    swift.setLanguage(await Parser.Language.load(require.resolve('tree-sitter-wasms/out/tree-sitter-swift.wasm')));
  }
  const answers = asked.map(({ kind, name, text }) => {
    try {
      return { value: parsers[kind](text, name) };
    } catch (e) {
      return { error: String(e.message) };
    }
  });
  fs.writeFileSync(1, JSON.stringify(answers));
})();
