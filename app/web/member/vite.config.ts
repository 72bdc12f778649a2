import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type PluginOption } from 'vite';
import { app } from '../vite.app.ts';
import { pages } from './pages.ts';
import { plain } from './plain.ts';
import { start } from './start.ts';

/** The oldest browsers that the app runs on; what is older gets the page of boot.js. */
const oldest = ['chrome83', 'safari14'];

/** What every page needs, what every way in needs, and what the first page of a member shows as shipped: a file each. */
const base =
  /node_modules\/(?!uqr)(?!.*(useInfinite|infiniteQueryO))|@oxc-project|preload-helper|\/ui\/src\/base\/(i18n|mode|store|theme|Mark)|\/api\/src\/(client|error|words|uuid)/i;
const enter =
  /\/pages\/Welcome|\/parts\/(Agree|Code|Field|LegalLinks|Refusal|useCode|useEntry|useSeconds)|\/rules\/(countdown|phone)|\/api\/src\/(puzzle|passkeysHere)/;
const home =
  /\/pages\/Home|\/(CardBlock|UnionBlock|Line)\.tsx|\/parts\/(AsOf|Block|usePull)|\/(queries|online)\.ts|\/rules\/(card|code)\.ts|\/ui\/src\/base\/format/;

/** shell lays the service worker beside the app, with the lists of the files that it keeps and of the pages that it answers for. */
function shell(): PluginOption {
  let outDir = '';
  return {
    name: 'gonghui-shell',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir;
    },
    writeBundle() {
      const assets = readdirSync(join(outDir, 'assets')).sort();
      const source = readFileSync(fileURLToPath(new URL('sw.js', import.meta.url)), 'utf8');
      const digest = createHash('sha256').update(source);
      // The names of assets hold a digest of their content already.
      digest.update(assets.join()).update(readFileSync(join(outDir, 'index.html')));
      const files = ['/', ...assets.map((name) => `/assets/${name}`)];
      const worker = source
        .replace("'__VERSION__'", JSON.stringify(digest.digest('hex').slice(0, 16)))
        .replace("['__FILES__']", JSON.stringify(files))
        .replace("['__PAGES__']", JSON.stringify(pages()));
      writeFileSync(join(outDir, 'sw.js'), worker);
    },
  };
}

export default mergeConfig(
  app('member', '/', [plain(), start(), shell()], oldest),
  defineConfig({
    build: {
      // Tells size.mjs what the first load consists of.
      manifest: true,
      // Every browser that runs this target preloads modules by itself.
      modulePreload: { polyfill: false },
      rolldownOptions: {
        output: {
          // Few files, each compressed as one.
          codeSplitting: {
            includeDependenciesRecursively: false,
            groups: [
              { name: 'base', test: base },
              { name: 'enter', test: enter },
              { name: 'home', test: home },
            ],
          },
        },
      },
    },
  }),
);
