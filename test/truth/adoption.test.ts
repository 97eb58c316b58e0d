import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { drift } from '../../src/operation/drift.ts';
import { importInstances } from '../../src/operation/import-instances.ts';
import { plan } from '../../src/operation/plan.ts';
import { apply } from '../../src/operation/apply.ts';
import { agree } from '../support/agree.ts';
import { type HostileWorld, openHostile } from '../support/hostile-world.ts';

const shared = `# Both of them.
connector: actessentials
name: Shared
configuration:
  username: bot # the robot
  password: \${{ secrets.PASSWORD }}
  pagination.max: \${{ vars.max }}
`;

const file = 'instances/shared.yaml';

const prod = { environmentName: 'prod' };

/** One definition for two environments, of which one was applied. */
async function openTwo(text = shared): Promise<HostileWorld & { readonly id: number }> {
  const world = await openHostile({ files: { 'shared.yaml': text } });
  const vars = { max: 50, tier: 'prod' };
  const baseUrl = world.platform.origin;
  const environments = { stage: { baseUrl, vars }, prod: { baseUrl, vars } };
  const workspace = { version: 1, workspace: 'acme', defaultEnvironment: 'stage', environments };
  world.rig.write('connectorctl.yaml', JSON.stringify(workspace));
  const done = await world.run((ports) => apply(ports, prod, { interaction: agree }));
  expect(done.code).toBe(0);
  return { ...world, id: world.platform.sandbox.instances()[0]?.id ?? 0 };
}

function textOf({ rig }: HostileWorld): string {
  return readFileSync(path.join(rig.directory, file), 'utf8');
}

const change = { name: 'Shared 2', configuration: { username: 'prodbot', 'pagination.max': '70' } };

describe('adoption 11: what is live in one environment is not written into the others', () => {
  it('drift --accept writes it into the override, and keeps the references of the others', async () => {
    const world = await openTwo();
    world.platform.sandbox.change(world.id, change);
    await world.run((ports) => drift(ports, prod, { accept: ['shared'] }));
    const text = textOf(world);
    expect(text.startsWith(shared)).toBe(true);
    expect(text.slice(shared.length)).toMatch(/^overrides:\n {2}prod:\n/);
    expect(await world.run((ports) => plan(ports, prod, {}))).toMatchObject({ code: 0, changes: [] });
    const stage = await world.run((ports) => plan(ports, { environmentName: 'stage' }, {}));
    const changes = stage.result.kind === 'planned' ? stage.result.plan.changes : [];
    const wanted = changes.map(({ name, fields }) => ({ name, fields: fields.map(({ after }) => after) }));
    expect(JSON.stringify(wanted)).not.toMatch(/prodbot|Shared 2/);
  });

  it('so does an import', async () => {
    const world = await openTwo();
    world.platform.sandbox.change(world.id, change);
    await world.run((ports) => importInstances(ports, prod, { ids: [String(world.id)] }));
    expect(textOf(world).startsWith(shared)).toBe(true);
    expect(await world.run((ports) => plan(ports, prod, {}))).toMatchObject({ code: 0, changes: [] });
  });

  it('a field that no override can hold is left alone, and named', async () => {
    const text = shared.replace('configuration:', 'enabled: true\nconfiguration:');
    const world = await openTwo(text);
    world.platform.sandbox.change(world.id, { disabled: true });
    const { result } = await world.run((ports) => drift(ports, prod, { accept: ['shared'] }));
    expect(result).toMatchObject({ accepted: [{ fields: 0, refused: [{ at: '/enabled' }] }] });
    expect(textOf(world)).toBe(text);
  });

  it.each([
    ['in an override', ''],
    ['in the definition itself', 'environments: [prod]\n'],
  ])('a reference gives way to its value never without a word: %s', async (_, head) => {
    const world = await openTwo(head + shared);
    world.platform.sandbox.change(world.id, { configuration: { 'pagination.max': '70' } });
    const { result, said } = await world.run((ports) => drift(ports, prod, { accept: ['shared'] }));
    expect(result).toMatchObject({
      accepted: [{ replaced: [{ at: '/configuration/pagination.max', vars: ['max'] }] }],
    });
    expect(said).toContain('max');
    expect(await world.run((ports) => plan(ports, prod, {}))).toMatchObject({ code: 0, changes: [] });
  });

  it('a reference stays where it gives what is live', async () => {
    const text = `environments: [prod]\n${shared.replace('username: bot', 'username: bot.${{ vars.max }}.${{ vars.tier }}')}`;
    const world = await openTwo(text);
    world.platform.sandbox.change(world.id, { configuration: { username: 'new.50.prod' } });
    const { result } = await world.run((ports) => drift(ports, prod, { accept: ['shared'] }));
    expect(result).toMatchObject({ accepted: [{ fields: 1, refused: [], replaced: [{ vars: ['max'] }] }] });
    // Two characters stand anywhere by chance.
    expect(textOf(world)).toContain('username: new.50.${{ vars.tier }} # the robot');
    expect(await world.run((ports) => plan(ports, prod, {}))).toMatchObject({ code: 0, changes: [] });
  });

  it('a definition of one environment says it itself', async () => {
    const text = `environments: [prod]\n${shared}`;
    const world = await openTwo(text);
    world.platform.sandbox.change(world.id, { configuration: { username: 'prodbot' } });
    await world.run((ports) => drift(ports, prod, { accept: ['shared'] }));
    expect(textOf(world)).toBe(text.replace('username: bot', 'username: prodbot'));
  });
});
