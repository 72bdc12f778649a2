import { defineConfig, mergeConfig } from 'vite';
import { app } from '../vite.app.ts';

export default mergeConfig(
  app('member', '/'),
  defineConfig({
    build: {
      // Tells size.mjs what the first load consists of.
      manifest: true,
      // Every browser that runs this target preloads modules by itself.
      modulePreload: { polyfill: false },
    },
  }),
);
