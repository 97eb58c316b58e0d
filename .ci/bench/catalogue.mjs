import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cli, line, median, runNode, say } from './measure.mjs';
import { profile } from './profile.mjs';
import { environment, startSandbox } from './sandbox.mjs';

const connectors = 1_000;
const entries = 30;
const few = 60;

/** Connectors of which the platform's own word is there, as `catalog pull` writes it, and the plan of a small repository. */
export async function benchCatalogue({ folder, latency, runs, profiles, count = 10_000 }) {
  benchPulled(path.join(folder, 'catalogue'), count, profiles);
  await benchFew(path.join(folder, 'few-connectors'), latency, runs);
  return {};
}

function benchPulled(workspace, count, profiles) {
  open(workspace, 'platform: sandbox');
  for (let index = 0; index < connectors; index += 1) {
    write(workspace, `schema/connectors/bench${index}.json`, `${JSON.stringify(connectorOf(index), undefined, 2)}\n`);
  }
  for (let index = 0; index < count; index += 1) {
    const keys = Array.from({ length: 6 }, (_, key) => `  setting.${key * 2}: value-${index}\n`).join('');
    const text = `connector: bench${index % connectors}\nname: Instance ${index}\nconfiguration:\n${keys}`;
    write(workspace, `instances/team-${index % 100}/instance-${index}.yaml`, text);
  }
  const validated = runNode([cli, 'validate'], { cwd: workspace });
  say(`\ncatalogue, ${count} definitions of ${connectors} pulled connectors with ${entries} keys each`);
  line('connectorctl validate', validated);
  profile(profiles, 'catalogue', ['validate'], { cwd: workspace });
}

function connectorOf(index) {
  const configuration = Array.from({ length: entries }, (_, key) => ({
    key: `setting.${key}`,
    name: `Setting ${key}`,
    type: key % 5 === 0 ? 'COMBO' : 'TEXTFIELD_128',
    ...(key % 2 === 0 && key < 12 ? { required: true } : {}),
    ...(key % 3 === 0 ? {} : { defaultValue: `value-${key}` }),
  }));
  return { key: `bench${index}`, name: `Bench ${index}`, authentication: { type: 'custom' }, configuration };
}

/** Five connectors: what asking for them costs beside all the rest. */
async function benchFew(workspace, latency, runs) {
  const platform = await startSandbox(`${workspace}.jsonl`, latency);
  open(workspace, `baseUrl: ${platform.url}`);
  for (let index = 0; index < few; index += 1) {
    const connector = ['actessentials', 'bigcommerce', 'closeio', 'sfdc', 'sharefile'][index % 5];
    const keys = '  username: bench\n  password: ${{ secrets.BENCH_CLIENT_SECRET }}\n';
    write(workspace, `instances/${index}.yaml`, `connector: ${connector}\nname: Few ${index}\nconfiguration:\n${keys}`);
  }
  const planned = Array.from({ length: runs }, () =>
    runNode([cli, 'plan'], { cwd: workspace, env: environment(platform) }),
  );
  await platform.stop();
  say(`\nplan, ${few} definitions of 5 connectors, all new, ${latency} ms a request`);
  const wall = median(planned.map((one) => one.wall));
  line(`connectorctl plan, median of ${runs}`, { ...planned[0], wall });
}

function open(workspace, place) {
  const text = `version: 1\nworkspace: bench\ndefaultEnvironment: bench\nenvironments:\n  bench:\n    ${place}\n`;
  write(workspace, 'connectorctl.yaml', text);
}

function write(workspace, name, text) {
  const file = path.join(workspace, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
