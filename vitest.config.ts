import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**'],
    // Much of the time goes into processes and servers that wait for each other.
    maxWorkers: 2,
    // Files share what was loaded, which saves a fifth of the time: our modules remember nothing but what is the same for all.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // Its ES modules name each other without `.js`, which Node.js does not take.
    server: { deps: { inline: ['jsonc-parser'] } },
    // What a developer happens to have exported must not change what a test sees.
    env: { NO_COLOR: '', FORCE_COLOR: '', HTTPS_PROXY: '', HTTP_PROXY: '', https_proxy: '', http_proxy: '' },
  },
});
