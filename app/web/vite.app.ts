import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { PluginOption, UserConfig } from 'vite';

/**
 * The build of one app. The output lands in dist/<name>/ and is embedded in the server binary.
 * In development the API is taken from GONGHUI_DEV_SERVER, with the Host header of the page kept: it names the body.
 */
export function app(
  name: string,
  base: string,
  plugins: PluginOption[] = [],
  target: string | string[] = 'es2022',
): UserConfig {
  const server = process.env.GONGHUI_DEV_SERVER ?? 'http://127.0.0.1:8080';
  const outDir = fileURLToPath(new URL(`dist/${name}`, import.meta.url));
  return {
    root: fileURLToPath(new URL(name, import.meta.url)),
    base,
    plugins: [react(), ...plugins, packed(outDir)],
    build: {
      outDir,
      emptyOutDir: true,
      target,
      // The server's CSP allows no data: scripts and fonts; small files stay files.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1200,
      reportCompressedSize: true,
    },
    server: { allowedHosts: true, proxy: { '/v1': { target: server, changeOrigin: false } } },
  };
}

/** packed lays a .br and a .gz beside each file that gains by it: the server sends those as they are. */
function packed(outDir: string): PluginOption {
  return {
    name: 'gonghui-packed',
    apply: 'build',
    closeBundle() {
      for (const entry of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
        const path = join(outDir, entry);
        if (!/\.(js|css|html|svg|json|wasm|webmanifest)$/.test(entry) || statSync(path).size < 1024) continue;
        const raw = readFileSync(path);
        const text = { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT };
        writeFileSync(`${path}.gz`, gzipSync(raw, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(raw, { params: text }));
      }
    },
  };
}
