import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginOption, Rolldown } from 'vite';

/** What is on screen first, for somebody who comes and for somebody who is signed in: modules whose files are fetched at once. */
const first = {
  visitor: ['pages/Welcome.tsx'],
  member: ['pages/Home.tsx', 'modules/member/CardBlock.tsx', 'modules/org/UnionBlock.tsx'],
};

type Chunk = Rolldown.OutputChunk;

/** The files that the modules take, and those that these import, styles included. */
function files(chunks: Chunk[], modules: readonly string[]): string[] {
  const found = new Set<string>();
  const add = (chunk: Chunk | undefined) => {
    if (!chunk || found.has(chunk.fileName)) return;
    found.add(chunk.fileName);
    for (const css of chunk.viteMetadata?.importedCss ?? []) found.add(css);
    for (const name of chunk.imports) add(chunks.find(({ fileName }) => fileName === name));
  };
  add(chunks.find(({ isEntry }) => isEntry));
  for (const module of modules) {
    const chunk = chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(`/member/src/${module}`)));
    if (!chunk) throw new Error(`no file holds ${module}`);
    add(chunk);
  }
  return [...found];
}

/**
 * start makes the page that the app starts from: early.js and boot.js inlined, and between comments the files of a visitor's and of a member's
 * first page, of which the server leaves those that the caller does not need out. `.vite/first.json` tells size.mjs.
 */
export function start(): PluginOption {
  let outDir = '';
  let told = '';
  return {
    name: 'gonghui-start',
    configResolved(config) {
      outDir = config.build.outDir;
    },
    transformIndexHtml: {
      order: 'post',
      handler(source, { bundle }) {
        let html = source;
        for (const name of ['early.js', 'boot.js']) {
          // A minifier would write newer syntax than the oldest browsers read.
          const small = readFileSync(join(import.meta.dirname, name), 'utf8')
            .replace(/^\s*\/\/.*\n/gm, '')
            .trim();
          html = html.replace(`/* ${name} */`, () => small);
        }
        if (!bundle) return html;
        const chunks = Object.values(bundle).filter((one): one is Chunk => one.type === 'chunk');
        const loads = Object.entries(first).map(([who, modules]) => [who, files(chunks, modules)] as const);
        told = JSON.stringify(Object.fromEntries(loads));
        const links = loads.map(([who, wanted]) => {
          const more = wanted.filter((file) => file.endsWith('.js') && !html.includes(file));
          const tags = more.map((file) => `<link rel="modulepreload" crossorigin href="/${file}">`);
          return `<!--${who}-->${tags.join('')}<!--/${who}-->`;
        });
        return html.replace('</head>', () => `${links.join('\n    ')}\n  </head>`).replace(/\n\s+/g, '\n');
      },
    },
    writeBundle() {
      writeFileSync(join(outDir, '.vite/first.json'), told);
    },
  };
}
