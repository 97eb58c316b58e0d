import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cli, line, runNode } from './measure.mjs';
import { environment, startSandbox, stop } from './sandbox.mjs';
import { writeWorkspace } from './workspace.mjs';

const creates = 3_000;
const latency = 20;
const writes = 600;
const rate = 20;
const burst = 20;
const door = path.join(path.dirname(fileURLToPath(import.meta.url)), 'door.mjs');

/** Creates at the concurrency that the client finds, and writes to a platform that limits their rate. */
export async function benchApply(folder) {
  await benchCreates(folder);
  for (const delay of [5, 200]) await benchLimited(folder, delay);
}

async function benchCreates(folder) {
  process.stdout.write(`\napply, ${creates} creates and pings, ${latency} ms a request\n`);
  for (const words of [[], ['--concurrency', '16']]) {
    const workspace = path.join(folder, ['creates', ...words].join(''));
    const platform = await startSandbox(`${workspace}.jsonl`, latency);
    writeWorkspace(workspace, creates, platform.url);
    const applied = runApply(workspace, platform, words);
    await platform.stop();
    const { requests, atATime } = readFigures(applied.stderr);
    const floor = (requests * latency) / atATime;
    line(`floor: ${requests} requests × ${latency} ms / ${atATime}`, { wall: floor });
    const note = `${(applied.wall / floor).toFixed(2)} × the floor, ${((applied.cpu * 1000) / creates).toFixed(2)} ms CPU an instance`;
    line(['connectorctl apply', ...words].join(' '), applied, note);
  }
}

async function benchLimited(folder, delay) {
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
  process.stdout.write(`\napply, ${writes} updates, ${rate} requests a second and ${burst} at once, ${delay} ms\n`);
  line(`floor: ${admitted} requests at that rate`, { wall: possible * 1000 });
  line('connectorctl apply, first write to last', { wall: seconds * 1000 });
  line('connectorctl apply', applied);
  const share = (100 * refused) / (admitted + refused);
  process.stdout.write(
    `  ${((100 * possible) / seconds).toFixed(1)} % of the possible rate, ${share.toFixed(1)} % refused\n`,
  );
}

function runApply(workspace, platform, words) {
  return runNode([cli, 'apply', '--yes', '--verbose', ...words], { cwd: workspace, env: environment(platform) });
}

/** The line at the end of --verbose: `127.0.0.1:8787: 6001 requests, up to 40 at a time`. */
function readFigures(stderr) {
  const [, requests, atATime] = /: (\d+) requests, up to (\d+) at a time/.exec(stderr).map(Number);
  return { requests, atATime };
}
