import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**'],
    // Much of the time goes into processes and servers that wait for each other.
    maxWorkers: 2,
    // Files share what was loaded, which saves a fifth of the time: our modules remember nothing but what is the same for all.
    isolate: false,
    setupFiles: ['test/support/seed.ts'],
    // Against a test that hangs, and nothing else: machines are busy, and what depends on time has a clock of its own.
    testTimeout: 300_000 * Number(process.env['TEST_RUNS'] ?? 1),
    hookTimeout: 300_000,
    // What a developer happens to have exported must not change what a test sees.
    env: { NO_COLOR: '', FORCE_COLOR: '', HTTPS_PROXY: '', HTTP_PROXY: '', https_proxy: '', http_proxy: '' },
  },
});
