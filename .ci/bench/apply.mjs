import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cli, line, repeat, runNode, say } from './measure.mjs';
import { profile } from './profile.mjs';
import { environment, startSandbox } from './sandbox.mjs';
import { definitionFile, writeWorkspace } from './workspace.mjs';

/** What an update may take beside its reads, in ms. */
const own = 500;

/** Creates and their pings, at the concurrency that the client finds, beside the least that so many requests can take. */
export async function benchCreates({ folder, latency, runs, profiles, count = 3_000 }) {
  const onNew = async (name, use) => {
    const cwd = path.join(folder, `creates-${name}`);
    const platform = await startSandbox(`${cwd}.jsonl`, latency);
    writeWorkspace(cwd, count, platform.url);
    const used = use({ cwd, env: environment(platform) });
    await platform.stop();
    return used;
  };
  const { middle, ratio } = await repeat(runs, async (run) => {
    const ours = await onNew(run, (options) => runNode([cli, 'apply', '--yes'], options));
    // Counted in a run of its own: what --verbose shows of each answer has to be compared with every secret, which is work that no apply has.
    const { stderr } = await onNew(`${run}-counted`, (options) =>
      runNode([cli, 'apply', '--yes', '--verbose'], options),
    );
    const { requests, atATime } = readFigures(stderr);
    return { ours, requests, atATime, floor: { wall: (requests * latency) / atATime } };
  });
  const wall = ratio(({ ours, floor }) => ours.wall / floor.wall);
  const cpu = (middle('ours').cpu * 1000) / count;
  const [requests, atATime] = ['requests', 'atATime'].map((of) => ratio((round) => round[of]));
  say(`\napply, ${count} creates and pings, ${latency} ms a request`);
  line(`floor: ${requests} requests × ${latency} ms / ${atATime}`, { wall: middle('floor').wall });
  line('connectorctl apply', middle('ours'), `${wall.toFixed(2)} ×, ${cpu.toFixed(2)} ms CPU an instance`);
  if (profiles !== undefined)
    await onNew('profile', (options) => profile(profiles, 'creates', ['apply', '--yes'], options));
  return { creates: wall, 'creates-cpu': cpu };
}

/** An apply of one changed definition among many unchanged ones. */
export async function benchUpdate({ live, latency, runs, profiles, count = 1_000 }) {
  const { workspace, env } = await live.start({ count, latency });
  const options = { cwd: workspace, env };
  const updateOne = (value, ...words) => {
    changeOne(workspace, value);
    const updated = runNode([cli, 'apply', '--yes', ...words], options);
    if (updated.stdout.includes('Applied: 1 updated')) return updated;
    throw new Error(`One was to be updated.\n${updated.stdout.slice(-2000)}`);
  };
  const { middle, ratio } = await repeat(runs, (run) => {
    const ours = updateOne(`changed-${run}`);
    // Counted in a run of its own, as the creates are.
    const { stderr } = updateOne(`counted-${run}`, '--verbose');
    const reads = stderr.split('\n').filter((text) => text.trimStart().startsWith('GET ')).length;
    return { ours, reads, floor: { wall: own + reads * latency } };
  });
  const wall = ratio(({ ours, floor }) => ours.wall / floor.wall);
  say(`\napply, 1 update among ${count} instances, ${latency} ms a request`);
  line(`floor: ${own} ms, ${ratio(({ reads }) => reads)} reads × ${latency} ms`, { wall: middle('floor').wall });
  line('connectorctl apply', middle('ours'), `${wall.toFixed(2)} ×`);
  if (profiles !== undefined) changeOne(workspace, 'profiled');
  profile(profiles, 'update', ['apply', '--yes'], options);
  await live.close();
  return { update: wall };
}

function changeOne(workspace, value) {
  const file = definitionFile(workspace, 0);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^( *sharefile\.subdomain:).*/m, `$1 ${value}`));
}

/** The line at the end of --verbose: `127.0.0.1:8787: 6001 requests, up to 40 at a time`. */
function readFigures(stderr) {
  const [, requests, atATime] = /: (\d+) requests, up to (\d+) at a time/.exec(stderr).map(Number);
  return { requests, atATime };
}
