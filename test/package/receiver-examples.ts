import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** The programs in the page about events, by the name in their first line. */
export function readExamples(): ReadonlyMap<string, string> {
  const page = readFileSync(path.join(root, '.github/docs/events.md'), 'utf8');
  const blocks = [...page.matchAll(/^```js\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)];
  return new Map(blocks.map(([, name = '', text = '']) => [name, text]));
}

/** A small stand-in under the name of Express, which is no package of ours. */
export function installExpress(folder: string): void {
  const place = path.join(folder, 'node_modules/express');
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, 'package.json'), '{ "name": "express", "exports": "./express.mjs" }\n');
  cpSync(path.join(root, 'test/support/express.mjs'), path.join(place, 'express.mjs'));
}

interface RunningExample {
  readonly process: ChildProcessWithoutNullStreams;
  readonly url: string;
  /** The next line that it prints. */
  readonly nextLine: () => Promise<string>;
}

/** Starts an example as it stands, on a free port. */
export async function startExample(folder: string, name: string, key: string): Promise<RunningExample> {
  const env = { PATH: process.env['PATH'], PORT: '0', EVENT_SIGNATURE_KEY: key };
  const child = spawn(process.execPath, [name], { cwd: folder, env });
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => String((await lines.next()).value);
  const port = (await nextLine()).replace('Port ', '');
  return { process: child, url: `http://127.0.0.1:${port}/events`, nextLine };
}
