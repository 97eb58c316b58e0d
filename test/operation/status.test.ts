import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { stripVTControlCharacters } from 'node:util';
import type { EnvironmentStatus, InstanceStatus } from '../../src/model/instance-status.ts';
import { renderStatusesText, renderStatusText } from '../../src/report/status/render-status-text.ts';
import { runHosted } from '../support/cli-host.ts';
import { expectGolden } from '../support/golden.ts';
import { credentials, remoteWorkspace, startPlatform, type TestPlatform } from '../support/platform.ts';
import { openRig, type Rig } from '../support/rig.ts';
import { definitionOf } from '../support/world.ts';

interface Place {
  readonly rig: Rig;
  readonly platform: TestPlatform;
  /** From now on, no provider answers. */
  readonly breakProviders: () => void;
  readonly run: (line: string) => ReturnType<typeof runHosted>;
}

async function openPlace(): Promise<Place> {
  const broken = { is: false };
  const refuse = { status: 401, json: { message: 'Bad token', requestId: 'r-1' } };
  const before = ({ path: asked }: { readonly path: string }) =>
    broken.is && asked.endsWith('/ping') ? refuse : undefined;
  const platform = await startPlatform({ before });
  const rig = openRig({
    'connectorctl.yaml': remoteWorkspace(platform.origin),
    'instances/ann.yaml': definitionOf('Ann'),
    'instances/crm/ben.yaml': definitionOf('Ben'),
  });
  const env = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' };
  const run = (line: string) => runHosted(line.split(' '), { cwd: rig.directory, env });
  return { rig, platform, run, breakProviders: () => void (broken.is = true) };
}

async function applied(): Promise<Place> {
  const place = await openPlace();
  expect(await place.run('apply --yes')).toMatchObject({ code: 0 });
  return place;
}

async function statusOf({ run }: Place, line = 'status'): Promise<EnvironmentStatus> {
  return JSON.parse((await run(`${line} --format json`)).stdout);
}

function remove({ rig }: Place, file: string): void {
  rmSync(path.join(rig.directory, file));
}

describe('status', () => {
  it('shows the key of a definition also where a secret holds it, and hides one that only the platform knows', async () => {
    const place = await openPlace();
    const env = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'customer-relations/benjamin-1' };
    const run = (line: string) => runHosted(line.split(' '), { cwd: place.rig.directory, env });
    place.rig.write('instances/customer-relations/benjamin.yaml', definitionOf('Eve'));
    expect(await run('apply --yes')).toMatchObject({ code: 0 });
    const before = (await run('status')).stdout;
    remove(place, 'instances/customer-relations/benjamin.yaml');
    const after = (await run('status')).stdout;
    expect([before, after].map((text) => text.includes('customer-relations/benjamin'))).toEqual([true, false]);
  });

  it('lists what is live with its id, what is missing, and what has lost its definition, and sends only reads', async () => {
    const place = await applied();
    place.rig.write('instances/cid.yaml', definitionOf('Cid'));
    remove(place, 'instances/crm/ben.yaml');
    const before = place.platform.writes().length;
    const status = await statusOf(place);
    const ids = place.platform.sandbox.instances().map(({ id, name }) => [name, String(id)]);
    expect(status).toMatchObject({ environment: 'test', unmanaged: 0, foreign: 0 });
    expect(status.instances).toMatchObject([
      { key: 'ann', standing: 'defined', enabled: true, id: new Map(ids.map(([a, b]) => [a, b])).get('Ann') },
      { key: 'cid', standing: 'missing', name: 'Cid' },
      { key: 'crm/ben', standing: 'orphan', lastApplied: { assumed: 0 } },
    ]);
    expect(place.platform.writes()).toHaveLength(before);
  });

  it('needs no secret, and shows what is live where definitions are not in order', async () => {
    const place = await applied();
    place.rig.write('instances/bad.yaml', 'conector: x\n');
    const env = credentials;
    const { code, stdout } = await runHosted(['status', '--format', 'json'], { cwd: place.rig.directory, env });
    expect(code).toBe(3);
    expect(JSON.parse(stdout).instances).toMatchObject([{ standing: 'unknown' }, { standing: 'unknown' }]);
    remove(place, 'instances/bad.yaml');
    expect(await runHosted(['status'], { cwd: place.rig.directory, env })).toMatchObject({ code: 0 });
  });

  it('asks each provider with --ping, and ends with 1 where one does not work', async () => {
    const place = await applied();
    expect((await statusOf(place, 'status --ping')).instances).toMatchObject([
      { ping: { ok: true } },
      { ping: { ok: true } },
    ]);
    place.breakProviders();
    const { code, stdout } = await place.run('status --ping');
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/ann \(\d+\) does not answer: .*Bad token/);
    expect(await place.run('status')).toMatchObject({ code: 0 });
  });

  it('shows only what is asked for, and refuses a name that means nothing', async () => {
    const place = await applied();
    expect((await statusOf(place, 'status --only crm/*')).instances).toMatchObject([{ key: 'crm/ben' }]);
    const { code, stderr } = await place.run('status --only crm/bem');
    expect(code).toBe(3);
    expect(stderr).toContain('Did you mean `crm/ben`?');
  });
});

const one = (key: string, more: Partial<InstanceStatus> = {}): InstanceStatus => ({
  key,
  connector: 'sharefile',
  name: key,
  id: '4711',
  enabled: true,
  valid: true,
  standing: 'defined',
  lastApplied: { values: 12, assumed: 0 },
  ...more,
});

const prod: EnvironmentStatus = {
  environment: 'prod',
  unmanaged: 3,
  foreign: 1,
  instances: [
    one('crm/sales', { name: 'Sales of the whole of Europe, the Middle East and Africa' }),
    one('crm/service', { id: '4712', enabled: false, lastApplied: { values: 9, assumed: 3 } }),
    one('files/shared', {
      id: '4713',
      valid: false,
      pollingStopped: true,
      ping: { ok: false, message: 'Bad token', requestId: 'r-1' },
    }),
    one('files/old', { id: '4714', standing: 'orphan' }),
    one('twice', { id: '4715', standing: 'duplicate' }),
    one('twice', { id: '4716', standing: 'duplicate', lastApplied: undefined, valid: undefined }),
    { key: 'z/new', connector: 'hubspotcrm', name: 'New', standing: 'missing' },
  ],
};
const stage: EnvironmentStatus = {
  environment: 'stage',
  unmanaged: 0,
  foreign: 0,
  instances: [one('crm/sales', { id: '12' })],
};
const empty: EnvironmentStatus = { environment: 'dev', unmanaged: 0, foreign: 0, instances: [] };

describe('the table of connections', () => {
  it('fits 80 columns, and says below it what a person has to look at', () => {
    const text = renderStatusText(prod, { color: false, width: 80 });
    expectGolden('status/prod.txt', text);
    const widest = Math.max(...text.split('\n').map((line) => line.length));
    expect(widest).toBeLessThanOrEqual(80);
    expect(stripVTControlCharacters(renderStatusText(prod, { color: true, width: 80 }))).toBe(text);
    expect(renderStatusText(empty, { color: false, width: 80 })).toBe('dev: 0 instances.\n');
  });

  it('puts several environments side by side', () => {
    const text = renderStatusesText([stage, prod, empty], { color: false, width: 80 });
    expect(text).toContain('KEY           stage');
    expectGolden('status/side-by-side.txt', text);
  });
});
