// A long search with one fuzzer of test/fuzz: npm run fuzz -- NAME --minutes 10 --seed 7. Without a name: with all of them, one after the other.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './bundle.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const [name] = positionals;
const { status } = spawnSync(
  process.execPath,
  [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'fast', 'test/fuzz'],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      FUZZ_MINUTES: values.minutes,
      TEST_SEED: values.seed,
      ...(name === undefined ? {} : { FUZZ_NAME: name }),
    },
  },
);
process.exitCode = status ?? 1;
