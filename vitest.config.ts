import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/synthesize.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
