import { defineConfig } from 'vitest/config';
import { openQuickFolder } from './test/support/quick-folder.ts';

// Whoever chose a folder keeps it. The processes of the tests inherit this.
const folder = process.env['TMPDIR'] ?? openQuickFolder();
if (folder !== undefined) process.env['TMPDIR'] = folder;

/**
 * What needs the built program or a process of its own, or runs long. All else is quick: a test that mirrors a file of `src/`
 * stands in the folder of the same name, and is quick unless it proves what was built.
 */
const slow = [
  'test/{e2e,crash,storm,property,truth,workflows}/**/*.test.ts',
  // Thousands of made-up texts and worlds each.
  'test/**/*.{property,model}.test.ts',
  'test/report/**/foreign-*.test.ts',
  // The bundle of the Action.
  'test/action/**/bundle*.test.ts',
  // The package as it is published.
  'test/package/installed-package.test.ts',
];

/** Faults that are known and not mended yet, each as a test with the right value: red until then, and no part of `npm test`. */
const known = ['test/known/**/*.test.ts'];

export default defineConfig({
  test: {
    // Much of the time goes into processes and servers that wait for each other, so that two would leave a core idle.
    maxWorkers: 3,
    projects: [
      // What `npm test` runs. Of one project the modules are read and transformed once, and not once for each kind of test.
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: known,
          globalSetup: ['test/support/build-once.ts'],
        },
      },
      { extends: true, test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: [...slow, ...known] } },
      { extends: true, test: { name: 'slow', include: slow, globalSetup: ['test/support/build-once.ts'] } },
      { extends: true, test: { name: 'known', include: known, globalSetup: ['test/support/build-once.ts'] } },
    ],
    // Files share what was loaded, which saves a fifth of the time: our modules remember nothing but what is the same for all.
    isolate: false,
    // Its ES modules name each other without `.js`, which Node.js does not take.
    server: { deps: { inline: ['jsonc-parser'] } },
    setupFiles: ['test/support/seed.ts'],
    // Against a test that hangs, and nothing else: machines are busy, and what depends on time has a clock of its own.
    testTimeout: 300_000 * Number(process.env['TEST_RUNS'] ?? 1),
    hookTimeout: 300_000,
    // What a developer happens to have exported must not change what a test sees.
    env: { NO_COLOR: '', FORCE_COLOR: '', HTTPS_PROXY: '', HTTP_PROXY: '', https_proxy: '', http_proxy: '' },
  },
});
