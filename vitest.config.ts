import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['scripts/build-wasm.mjs'],
    // Two at a time: the end-to-end tests start servers and child processes of their own.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})
