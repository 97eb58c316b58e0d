import { spawnSync } from 'node:child_process';
import { cli, line, median } from './measure.mjs';

const rounds = 21;

/** `--version` against a bare Node.js, one after the other, so that other load hits both alike. */
export function benchStartUp() {
  const bare = [];
  const version = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(time(['-e', '0']));
    version.push(time([cli, '--version']));
  }
  const ratio = median(version) / median(bare);
  process.stdout.write('\nStart-up, median of 21\n');
  line('node -e 0', { wall: median(bare) });
  line('connectorctl --version', { wall: median(version) }, `${ratio.toFixed(2)} × (budget 2.00 ×)`);
  return { ratio };
}

function time(words) {
  const start = performance.now();
  spawnSync(process.execPath, words, { env: { PATH: process.env.PATH } });
  return performance.now() - start;
}
