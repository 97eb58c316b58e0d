import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPlanFile } from '../../src/disk/plan-file.ts';
import { drift } from '../../src/operation/drift.ts';
import { plan } from '../../src/operation/plan.ts';
import { operationPorts } from '../support/operation-ports.ts';
import { credentials, remoteWorkspace, startPlatform } from '../support/platform.ts';
import { openRig } from '../support/rig.ts';
import { definitionOf } from '../support/world.ts';

describe('an operation without the values of the secrets', () => {
  it('opens no place that holds them, uses none that is set, and makes a plan that no apply takes', async () => {
    const platform = await startPlatform();
    const place = '"secrets":{"file":"none.sops.yaml"},"baseUrl"';
    const workspace = remoteWorkspace(platform.origin).replace('"baseUrl"', place);
    const rig = openRig({ 'connectorctl.yaml': workspace, 'instances/one.yaml': definitionOf('One') });
    const ports = operationPorts({ cwd: rig.directory, env: credentials });
    const masked = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: '********' };
    const out = path.join(rig.directory, 'plan.json');

    const planned = await plan(ports, {}, { withholdSecrets: true, out });
    expect(planned).toMatchObject({ kind: 'planned', plan: { withheld: { values: 1 }, summary: { create: 1 } } });
    expect(readFileSync(out, 'utf8')).toContain('"withheld"');
    expect(() => readPlanFile(out)).toThrow(/--withhold-secrets/);
    expect(await drift(ports, {}, { withholdSecrets: true })).toMatchObject({ kind: 'drifted' });
    expect(await plan({ ...ports, env: masked }, {}, { withholdSecrets: true })).toMatchObject({ kind: 'planned' });
    // With the values, both the mask and the missing file are faults.
    for (const env of [credentials, masked]) {
      expect(await plan({ ...ports, env }, {}, {})).toMatchObject({ kind: 'checked' });
    }
    expect(platform.sandbox.instances()).toEqual([]);
  });
});
