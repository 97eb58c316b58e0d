import path from 'node:path';
import { bareParse } from './validate.mjs';
import { dearestFunctions } from './profile.mjs';
import { cli, compare, line, runNode, runScript } from './measure.mjs';
import { environment, startSandbox } from './sandbox.mjs';
import { writeWorkspace } from './workspace.mjs';

const latency = 20;
const pageSize = 200;

/**
 * Plan of unchanged instances against a platform with a delay, beside a loop that only reads the pages.
 * @param profiles folder for a CPU profile of another run, whose dearest functions are printed
 */
export async function benchPlan(folder, count, { profiles } = {}) {
  const data = path.join(folder, 'platform.jsonl');
  const workspace = path.join(folder, 'plan');

  const fast = await startSandbox(data, 0);
  writeWorkspace(workspace, count, fast.url);
  const created = runNode([cli, 'apply', '--yes', '--quiet', '--concurrency', '32'], {
    cwd: workspace,
    env: environment(fast),
  });
  await fast.stop();

  // At the same address: what was last applied means nothing at another one.
  const slow = await startSandbox(data, latency, Number(new URL(fast.url).port));
  writeWorkspace(workspace, count, slow.url);
  const bare = runScript(workspace, 'bare-read.mjs', bareRead, { env: environment(slow) });
  const parse = runScript(workspace, 'bare-parse.mjs', bareParse);
  const planned = runNode([cli, 'plan', '--detailed-exitcode'], { cwd: workspace, env: environment(slow) });
  if (profiles !== undefined) {
    const words = ['--cpu-prof', `--cpu-prof-dir=${profiles}`, cli, 'plan'];
    runNode(words, { cwd: workspace, env: environment(slow) });
  }
  await slow.stop();

  const floor = Math.ceil(count / pageSize) * latency;
  process.stdout.write(`\nplan, ${count} unchanged instances, ${latency} ms a request\n`);
  line('apply that made them (no latency)', created);
  line(`floor: ${Math.ceil(count / pageSize)} pages × ${latency} ms`, { wall: floor });
  line('bare loop: read all pages', bare);
  line('bare loop: read and parse the files', parse);
  const both = { wall: bare.wall + parse.wall, cpu: bare.cpu + parse.cpu };
  line('connectorctl plan', planned, compare(planned, both, 'both loops'));
  if (profiles === undefined) return;
  process.stdout.write(`\nplan, the dearest functions by their own time (${profiles})\n`);
  for (const { name, time, share } of dearestFunctions(profiles)) {
    process.stdout.write(
      `  ${name.padEnd(46)} ${time.toFixed(0).padStart(7)} ms ${(100 * share).toFixed(1).padStart(6)} %\n`,
    );
  }
}

const bareRead = `
const headers = { authorization: 'User ' + process.env.CONNECTORCTL_USER_SECRET + ', Organization ' + process.env.CONNECTORCTL_ORGANIZATION_SECRET };
let token = null;
let count = 0;
do {
  const query = 'pageSize=${pageSize}&hydrate=true' + (token === null ? '' : '&nextPage=' + encodeURIComponent(token));
  const answer = await fetch(process.env.BENCH_URL + '/instances?' + query, { headers });
  if (answer.status === 404) break;
  count += (await answer.json()).length;
  token = answer.headers.get('elements-next-page-token');
  if (count >= Number(answer.headers.get('elements-total-count'))) break;
} while (token !== null);
console.log(count);
`;
