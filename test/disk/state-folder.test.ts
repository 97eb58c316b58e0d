import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { guardStatePath, needStateFile } from '../../src/disk/state-folder.ts';
import { UserError } from '../../src/model/user-error.ts';

const refused: readonly (readonly [string, (directory: string) => unknown])[] = [
  ['the embedded sandbox', (directory) => needStateFile(directory, 'test.jsonl', 'The embedded sandbox')],
  ['a plan file', (directory) => guardStatePath(path.join(directory, '.connectorctl', 'plan.json'))],
];

it.each(refused)('a disk that refuses %s a file is named, and no fault of ours', (_name, ask) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  // Whoever runs the tests may be allowed to write anywhere.
  writeFileSync(path.join(directory, '.connectorctl'), '', { mode: 0o600 });
  expect(() => ask(directory)).toThrow(UserError);
  expect(() => ask(directory)).toThrow(/ cannot write to \S+\.connectorctl \(\w+\)\.$/);
});
