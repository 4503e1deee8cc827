import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/synthesize.ts'],
    // the functions deploy on Node 24; the SDK's notice about Node 20 is for others
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // generous: these bound a hang, they measure nothing
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
