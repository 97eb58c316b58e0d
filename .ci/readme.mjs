// Puts what the demo really prints into README.md. `--check` fails instead when it stands there differently.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const file = path.join(root, 'README.md');
const { status, stdout } = spawnSync(process.execPath, [path.join(root, '.ci/demo.mjs')], {
  cwd: root,
  env: { PATH: process.env.PATH },
  encoding: 'utf8',
});
if (status !== 0) throw new Error(`the demo ended with ${status}`);

let nextId = 1001;
// The commit differs each time.
const shown = stdout
  .replaceAll(/^commit .*\n/gm, '')
  // The plan that apply shows before it begins is the one above.
  .replace(/(apply --yes\n)[\s\S]*?(?=Plan: )/, '$1(the plan as above)\n\n')
  // Which of two creates arrives first differs too, and with it who gets which id.
  .replaceAll(/(?<=^✓ .* id )\d+$/gm, () => String(nextId++))
  .trim();
const before = readFileSync(file, 'utf8');
const after = before.replace(
  /(<!-- demo:[^\n]*-->\n)[\s\S]*?(<!-- \/demo -->)/,
  (_all, open, close) => `${open}\n\`\`\`\n${shown}\n\`\`\`\n\n${close}`,
);
if (process.argv.includes('--check')) {
  if (before !== after)
    throw new Error('README.md shows another output than the demo prints. Run: node .ci/readme.mjs');
} else {
  writeFileSync(file, after);
}
