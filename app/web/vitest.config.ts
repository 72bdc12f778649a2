import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{api,ui,console,hq,member}/src/**/*.test.{ts,tsx}', 'checks/*.test.ts'],
    environment: 'jsdom',
    setupFiles: ['./vitest.setup.ts'],
    testTimeout: 20_000,
  },
});
