import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

it('holds the pages of all commands and of all keys to the program and the schemas', () => {
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, '.ci/reference.mjs'), '--check'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const files = readFileSync(path.join(root, '.github/docs/files.md'), 'utf8');
  for (const key of [
    'environments.NAME.account',
    'environments.NAME.limits.maxDelete',
    'overrides.NAME.configuration',
    'adopt',
  ]) {
    expect(files).toContain(`| \`${key}\` |`);
  }
});
