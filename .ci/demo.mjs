// The main job on the embedded platform: validate, plan, apply, and plan again with nothing left to do.
// Starts from an empty platform each time and fails when any step does not end as it should.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const cli = path.join(root, 'dist/main.js');
const steps = [
  { words: ['validate'], ends: 0 },
  { words: ['plan', '--detailed-exitcode'], ends: 2 },
  { words: ['apply', '--yes'], ends: 0 },
  { words: ['plan', '--detailed-exitcode'], ends: 0 },
];

rmSync(path.join(root, '.connectorctl'), { recursive: true, force: true });
for (const { words, ends } of steps) {
  process.stdout.write(`\n$ connectorctl ${words.join(' ')}\n`);
  const { status, error } = spawnSync(process.execPath, [cli, ...words], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== ends) {
    process.stderr.write(`\nThe demo stopped: connectorctl ${words[0]} ended with ${status}, not with ${ends}.\n`);
    process.exit(1);
  }
}
process.stdout.write('\nBoth instances live on the embedded platform now, and the last plan is empty.\n');
