import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { cli, line, repeat, runNode, runScript, say } from './measure.mjs';
import { profile } from './profile.mjs';
import { benchSecrets, writeWorkspace } from './workspace.mjs';

const yaml = createRequire(import.meta.url).resolve('yaml');

/** All definitions in one process, beside a loop that only reads and parses them. */
export async function benchValidate({ folder, runs, profiles, count = 10_000 }) {
  const workspace = path.join(folder, 'validate');
  writeWorkspace(workspace, count);
  const options = { cwd: workspace, env: benchSecrets };
  const { middle, ratio } = await repeat(runs, () => ({
    bare: runScript(workspace, 'bare-parse.mjs', bareParse),
    ours: runNode([cli, 'validate'], options),
  }));
  const [wall, cpu] = ['wall', 'cpu'].map((of) => ratio(({ ours, bare }) => ours[of] / bare[of]));
  say(`\nvalidate, ${count} files in one process`);
  line('floor: read and parse with the same library', middle('bare'));
  line('connectorctl validate', middle('ours'), `${wall.toFixed(2)} ×, ${cpu.toFixed(2)} × its CPU`);
  profile(profiles, 'validate', ['validate'], options);
  return { validate: wall };
}

/** Reads and parses the definitions of a workspace, and nothing else. */
export const bareParse = `
import { readdirSync, readFileSync } from 'node:fs';
import { parseDocument } from '${pathToFileURL(yaml)}';
const files = readdirSync('instances', { recursive: true }).filter((file) => file.endsWith('.yaml'));
let keys = 0;
for (const file of files) keys += Object.keys(parseDocument(readFileSync('instances/' + file, 'utf8')).toJS()).length;
console.log(keys);
`;
