import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type PluginOption } from 'vite';
import { app } from '../vite.app.ts';

/** shell lays the service worker beside the app, with the list of the files that it keeps. */
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
        .replace("['__FILES__']", JSON.stringify(files));
      writeFileSync(join(outDir, 'sw.js'), worker);
    },
  };
}

export default mergeConfig(
  app('member', '/', [shell()]),
  defineConfig({
    build: {
      // Tells size.mjs what the first load consists of.
      manifest: true,
      // Every browser that runs this target preloads modules by itself.
      modulePreload: { polyfill: false },
    },
  }),
);
