import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { cli, compare, line, runNode, runScript } from './measure.mjs';
import { benchSecrets, writeWorkspace } from './workspace.mjs';

const yaml = createRequire(import.meta.url).resolve('yaml');

/** All definitions in one process, beside a loop that only reads and parses them. */
export function benchValidate(folder, count) {
  const workspace = path.join(folder, 'validate');
  writeWorkspace(workspace, count);
  const bare = runScript(workspace, 'bare-parse.mjs', bareParse);
  const validated = runNode([cli, 'validate'], { cwd: workspace, env: benchSecrets });
  process.stdout.write(`\nvalidate, ${count} files in one process\n`);
  line('bare loop: read and parse with the same library', bare);
  line('connectorctl validate', validated, compare(validated, bare, 'the bare loop'));
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
