import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { adoptImported } from '../../src/operation/adopt-imported.ts';
import { createApplyLock } from '../../src/operation/apply-lock.ts';
import { importInstances } from '../../src/operation/import-instances.ts';
import { exitCode } from '../../src/operation/exit-code.ts';
import { answersInstead } from '../support/hostile-habits.ts';
import { commitAll, initRepository } from '../support/git.ts';
import { type Did, expectSettled, type HostileWorld, openHostile } from '../support/hostile-world.ts';

const act = { connector: 'actessentials', name: 'Sales', configuration: { username: 'robot', password: 'pa55 word' } };

const file = 'instances/actessentials/sales.yaml';

const secret = 'CONNECTORCTL_SECRET_ACTESSENTIALS_PASSWORD';

function textOf({ rig }: HostileWorld): string {
  return readFileSync(path.join(rig.directory, file), 'utf8');
}

function statusesOf({ result }: Did): readonly string[] {
  return result.kind === 'imported' ? result.definitions.map(({ status }) => status) : [result.kind];
}

/** An instance that was imported, in a folder that is a repository. */
async function openImported(): Promise<HostileWorld & { readonly id: number }> {
  const world = await openHostile({ files: {} });
  const { id } = world.platform.sandbox.seed(act);
  await world.importAll({ withSecrets: true });
  world.env[secret] = 'pa55 word';
  world.env['PATH'] = process.env['PATH'] ?? '';
  initRepository(world.rig.directory);
  return { ...world, id };
}

describe('an import of one connector', () => {
  it('says when there is none of it, as the key may be misspelt', async () => {
    const world = await openHostile({ files: {} });
    world.platform.sandbox.seed(act);
    const { code, stderr } = await world.rig.run(['import', '--connector', 'actesentials'], { env: world.env });
    expect(code).toBe(3);
    expect(stderr).toContain('There is no instance of a connector actesentials.');
    expect(stderr).toContain('Did you mean `actessentials`?');
  });
});

describe('an import over a file', () => {
  it('writes over what is committed', async () => {
    const world = await openImported();
    world.platform.sandbox.change(world.id, { configuration: { username: 'other' } });
    expect(statusesOf(await world.importAll())).toEqual(['changed']);
    expect(textOf(world)).toContain('username: other');
  });

  it('leaves alone what holds edits that are not committed, says so, and goes on', async () => {
    const world = await openImported();
    const edited = textOf(world).replace('username: robot', 'username: mine');
    world.rig.write(file, edited);
    world.platform.sandbox.seed({ ...act, name: 'Other' });
    const did = await world.importAll({ withSecrets: true });
    expect(statusesOf(did)).toEqual(['kept', 'written']);
    expect(did.code).toBe(6);
    expect(textOf(world)).toBe(edited);
    commitAll(world.rig.directory);
    expect(statusesOf(await world.importAll())).toEqual(['changed', 'waiting']);
  });

  it('leaves alone a file that was never committed, unless it would not change', async () => {
    const world = await openHostile({ files: {} });
    const { id } = world.platform.sandbox.seed(act);
    world.env['PATH'] = process.env['PATH'] ?? '';
    world.env[secret] = 'pa55 word';
    initRepository(world.rig.directory);
    await world.importAll();
    expect(statusesOf(await world.importAll())).toEqual(['unchanged']);
    world.platform.sandbox.change(id, { configuration: { username: 'other' } });
    expect(statusesOf(await world.importAll())).toEqual(['kept']);
  });

  it('does not mind line ends that git changed', async () => {
    const world = await openImported();
    world.rig.write(file, textOf(world).replaceAll('\n', '\r\n'));
    world.platform.sandbox.change(world.id, { configuration: { username: 'other' } });
    expect(statusesOf(await world.importAll())).toEqual(['changed']);
  });
});

function shared(adopt: string): string {
  return `connector: zendesk\nname: Zendesk main\n${adopt}configuration:\n  username: us\n`;
}

describe('adoption 3: the id of another environment is of another account', () => {
  it.each([
    ['by its adopt', (id: number) => shared(`adopt: {stage: ${id}}\n`)],
    ['and its environments', (id: number) => shared(`environments: [stage]\nadopt: ${id}\n`)],
  ])('no definition is written over %s', async (_, definition) => {
    const world = await openHostile({ files: {} });
    const { id } = world.platform.sandbox.seed(act);
    const baseUrl = world.platform.origin;
    world.rig.write(
      'connectorctl.yaml',
      JSON.stringify({
        version: 1,
        workspace: 'acme',
        defaultEnvironment: 'test',
        environments: { test: { baseUrl }, stage: { baseUrl } },
      }),
    );
    const text = definition(id);
    world.rig.write('instances/shared.yaml', text);
    const did = await world.importAll();
    expect(did.code).toBe(0);
    expect(statusesOf(did)).toEqual(['written']);
    expect(readFileSync(path.join(world.rig.directory, 'instances/shared.yaml'), 'utf8')).toBe(text);
    expect(textOf(world)).toContain(`test: ${id}`);
  });
});

describe('users F11: an import that also adopts', () => {
  it('tells what was written, what was left out and what to set, when secrets are not set', async () => {
    const world = await openHostile({ files: {} });
    world.platform.sandbox.seed(act);
    const did = await world.run(async (ports) => {
      const imported = await importInstances(ports, {}, { all: true, withSecrets: true });
      return imported.kind === 'imported' ? adoptImported(ports, {}, imported) : imported;
    });
    expect(did.result).toMatchObject({
      kind: 'imported',
      definitions: [{ file, status: 'written', secrets: ['ACTESSENTIALS_PASSWORD'] }],
    });
    expect(exitCode(did.result)).not.toBe(0);
    expect(did.said).toContain('ACTESSENTIALS_PASSWORD');
    world.env[secret] = 'pa55 word';
    expect(await world.apply()).toMatchObject({ code: 0, changes: ['adopt actessentials/sales'] });
    await expectSettled(world);
  });

  it('tells what was written before the platform failed, and adopts none of it', async () => {
    const world = await openHostile({ files: {} });
    world.platform.sandbox.seed(act);
    world.platform.sandbox.seed({ connector: 'closeio', name: 'Zed', configuration: { username: 'z' } });
    const failed = { status: 400, json: { message: 'No', requestId: 'r-1' } };
    world.platform.set(answersInstead(failed, ({ path: at }) => at.endsWith('/closeio'), Infinity));
    const did = await world.run(async (ports) => {
      const imported = await importInstances(ports, {}, { all: true });
      return imported.kind === 'imported' ? adoptImported(ports, {}, imported) : imported;
    });
    expect(did).toMatchObject({
      code: 1,
      result: { kind: 'imported', definitions: [{ file }], stoppedBy: { code: 'rejected' } },
    });
    expect(world.platform.writes()).toEqual([]);
  });

  it('tells what was written when another apply keeps it from adopting, and names no apply to wait with', async () => {
    const world = await openHostile({ files: {} });
    world.platform.sandbox.seed(act);
    const did = await world.run(async (ports) => {
      const imported = await importInstances(ports, {}, { all: true });
      const other = createApplyLock(ports, {});
      await other.take({ directory: world.rig.directory, environment: 'test' });
      onTestFinished(other.release);
      return imported.kind === 'imported' ? adoptImported(ports, {}, imported) : imported;
    });
    expect(did).toMatchObject({
      code: 6,
      result: { kind: 'imported', definitions: [{ file }], stoppedBy: { code: 'apply-under-way' } },
    });
    expect(did.result).not.toHaveProperty('stoppedBy.hint', expect.stringContaining('connectorctl apply'));
  });
});

describe('rules 1: odd values of settings that live on the platform', () => {
  it.each([
    ['pagination.max', 'abc'],
    ['pagination.max', '12.5'],
    ['event.notification.enabled', 'maybe'],
    ['event.vendor.type', 'smoke signals'],
    ['event.poller.refresh_interval', 'often'],
    ['event.poller.configuration', 'no JSON'],
    ['event.poller.configuration', '[]'],
    ['event.poller.configuration', '{"leads":"all"}'],
    ['event.poller.configuration', '{"leads":{"url":7,"pageSize":"many","datesConfiguration":[]}}'],
    ['oauth.scope', ' '],
    ['base.url', 'not a URL'],
    ['filter.response.nulls', '2'],
  ])('%s: %s is imported, valid, adopted and settled', async (key, value) => {
    const world = await openHostile({ files: {}, quirks: { undeclaredKeys: 'stored' } });
    world.platform.sandbox.seed({ ...act, configuration: { ...act.configuration, [key]: value } });
    expect(await world.importAll()).toMatchObject({ code: 0 });
    world.env[secret] = 'pa55 word';
    const planned = await world.plan();
    expect(planned.result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(planned.changes).toEqual(['adopt actessentials/sales']);
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
  });
});
