import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cli, line, runNode, say } from './measure.mjs';
import { environment, startSandbox, stop } from './sandbox.mjs';
import { writeWorkspace } from './workspace.mjs';

const writes = 600;
const rate = 20;
const burst = 20;
const door = path.join(path.dirname(fileURLToPath(import.meta.url)), 'door.mjs');

/** Writes to a platform that limits their rate. */
export async function benchLimited({ folder }) {
  for (const delay of [5, 200]) await benchDelayed(folder, delay);
  return {};
}

async function benchDelayed(folder, delay) {
  const workspace = path.join(folder, `limited-${delay}`);
  const platform = await startSandbox(path.join(folder, `limited-${delay}.jsonl`), 0);
  writeWorkspace(workspace, writes, platform.url);
  runApply(workspace, platform, ['--no-verify']);

  const limited = spawn(process.execPath, [door, new URL(platform.url).origin, rate, burst, delay].map(String), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  limited.stdout.setEncoding('utf8');
  const [url] = await once(limited.stdout, 'data');
  const through = `${url.trim()}${new URL(platform.url).pathname}`;
  writeWorkspace(workspace, writes, through, 'Changed');
  const applied = runApply(workspace, { ...platform, url: through }, ['--no-verify']);
  const told = once(limited.stdout, 'data');
  await stop(limited);
  await platform.stop();

  const { admitted, refused, seconds } = JSON.parse((await told)[0]);
  const possible = (admitted - burst) / rate;
  say(`\napply, ${writes} updates, ${rate} requests a second and ${burst} at once, ${delay} ms`);
  line(`floor: ${admitted} requests at that rate`, { wall: possible * 1000 });
  line('connectorctl apply, first write to last', { wall: seconds * 1000 });
  line('connectorctl apply', applied);
  const share = (100 * refused) / (admitted + refused);
  say(`  ${((100 * possible) / seconds).toFixed(1)} % of the possible rate, ${share.toFixed(1)} % refused`);
}

function runApply(workspace, platform, words) {
  return runNode([cli, 'apply', '--yes', ...words], { cwd: workspace, env: environment(platform) });
}
