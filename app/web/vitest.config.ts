import { defineConfig } from 'vitest/config';

const apps = '{api,ui,console,hq,member,meet}';

// Parts that draw (.tsx) get a DOM; pure rules and checks do without, which is several times faster.
export default defineConfig({
  test: {
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: 'rules', environment: 'node', include: [`${apps}/src/**/*.test.ts`, 'checks/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'parts',
          environment: 'jsdom',
          include: [`${apps}/src/**/*.test.tsx`],
          setupFiles: ['./vitest.setup.ts'],
        },
      },
    ],
  },
});
