import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { init } from '../../src/operation/init/init.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'connectorctl-folder-'));
  mkdirSync(path.join(root, '.git'));
});
afterEach(() => rmSync(root, { recursive: true }));

const platform = 'https://api.openconnectors.eu10.ext.hana.ondemand.com';

it.each(['crm-${{ github.token }}', 'crm\n          ..'])('puts no folder called %j into a workflow', async (name) => {
  const directory = path.join(root, name);
  mkdirSync(directory);
  const start = (workflows: boolean) => init(directory, { workspace: 'acme', platform, workflows });
  await expect(start(true)).rejects.toMatchObject({ code: 'unfit-folder', kind: 'invalid' });
  expect(readdirSync(directory)).toEqual([]);
  await expect(start(false)).resolves.toMatchObject({ kind: 'initialized' });
});
