import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { init } from '../../src/operation/init/init.ts';

const line = 'CONNECTORCTL_ALLOWED_HOSTS: ${{ vars.CONNECTORCTL_ALLOWED_HOSTS }}';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'connectorctl-own-host-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const run = (platform: string) =>
  init(directory, { platform, workflows: true, action: `acme/connectorctl@${'a'.repeat(40)}` });

const workflows = (): readonly string[] =>
  ['plan', 'apply', 'drift'].map((name) =>
    readFileSync(path.join(directory, `.github/workflows/${name}.yaml`), 'utf8'),
  );

describe('F2: the workflows of init', () => {
  it.each([
    ['https://api.acme.example', 'api.acme.example'],
    ['https://api.acme.example:8443', 'api.acme.example:8443'],
    ['http://127.0.0.1:4010', '127.0.0.1:4010'],
    ['https://acme.eu1.hana.ondemand.com', 'acme.eu1.hana.ondemand.com'],
  ])('hand over the hosts that are allowed where the address is %s', async (platform, ownHost) => {
    expect(await run(platform)).toMatchObject({ environments: [{ name: 'production', ownHost }] });
    for (const text of workflows()) expect(text.split(line)).toHaveLength(2);
  });

  it.each(['https://api.openconnectors.eu10.ext.hana.ondemand.com', 'https://api.cloud-elements.com', 'sandbox'])(
    'hand over none where the address is %s',
    async (platform) => {
      const result = await run(platform);
      expect(JSON.stringify(result)).not.toContain('ownHost');
      for (const text of workflows()) expect(text).not.toContain('ALLOWED_HOSTS');
    },
  );

  it('that were there are told of the line that they lack', async () => {
    mkdirSync(path.join(directory, '.github/workflows'), { recursive: true });
    writeFileSync(path.join(directory, '.github/workflows/plan.yaml'), 'on: push\n');
    const result = await run('https://api.acme.example');
    if (result.kind !== 'initialized') throw new Error(`It ended as ${result.kind}.`);
    expect(result.additions[0]?.lines).toContain(line);
  });
});
