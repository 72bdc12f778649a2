import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { PluginOption, UserConfig } from 'vite';

/**
 * The build of one app. The output lands in dist/<name>/ and is embedded in the server binary.
 * In development the API is taken from GONGHUI_DEV_SERVER, with the Host header of the page kept: it names the body.
 */
export function app(name: string, base: string, plugins: PluginOption[] = []): UserConfig {
  const server = process.env.GONGHUI_DEV_SERVER ?? 'http://127.0.0.1:8080';
  return {
    root: fileURLToPath(new URL(name, import.meta.url)),
    base,
    plugins: [react(), ...plugins],
    build: {
      outDir: fileURLToPath(new URL(`dist/${name}`, import.meta.url)),
      emptyOutDir: true,
      target: 'es2022',
      // The server's CSP allows no data: scripts and fonts; small files stay files.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1200,
      reportCompressedSize: true,
    },
    server: { allowedHosts: true, proxy: { '/v1': { target: server, changeOrigin: false } } },
  };
}
