import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const sources = ['src', 'schema', '.ci/build.mjs', '.ci/bundle.mjs', 'package.json', 'package-lock.json'];
const built = ['dist/main.js', 'dist/events.d.mts', '.github/actions/connectorctl/index.mjs'];

/** Before the first test that needs it: builds the program, unless it was built since the sources last changed. */
export function setup(): void {
  const newest = Math.max(...sources.map((name) => changedAt(path.join(root, name))));
  const oldest = Math.min(...built.map((name) => builtAt(path.join(root, name))));
  if (oldest > newest) return;
  execFileSync(process.execPath, [path.join(root, '.ci/build.mjs')], { cwd: root, stdio: 'inherit' });
}

/** When a file, or anything in a folder, was last changed, taken away included. */
function changedAt(file: string): number {
  const found = statSync(file);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(file).map((name) => changedAt(path.join(file, name))));
}

function builtAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
