import { describe, expect, it } from 'vitest';
import { expectSettled, type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { openManaged } from '../support/managed.ts';
import { definitionOf } from '../support/world.ts';

/** What the platform keeps by itself, and nobody declares: sessions, cursors, ids of hooks and of the user. */
const kept = {
  'session.id': 'session-1',
  'crm.session.refresh.time': '1700000000000',
  'crm.session.refresh.interval': '7200',
  'sfdc.session.signature': 'signature-1',
  'sfdc.session.instance.url': 'https://eu5.example.com',
  'sfdc.user.id': '005-1',
  'event.stream.position': '1152',
  'box.webhook.ids': '7,8',
  'dropbox.last.event.cursor': 'cursor-1',
  'users.syncToken': 'sync-1',
  'googledrive.polling.token': 'polling-1',
  'googledrive.last.change.id': '99',
  'helpdesk.zendesk.webhook.target_id': '12',
  'oauth.user.token': 'token-1',
  'oauth.user.refresh_token': 'refresh-1',
};

/** What a person chose. */
const chosen = {
  'oauth.api.key': 'our app',
  'oauth.api.secret': 'our secret',
  'oauth.callback.url': 'https://app.example.com',
  'pagination.max': '50',
};

/** An instance that has lived for a while, imported, its secrets set, and adopted. */
async function openImported(): Promise<HostileWorld & { readonly yaml: string }> {
  const world = await openHostile({ files: {}, quirks: { undeclaredKeys: 'stored' } });
  const configuration = { ...kept, ...chosen };
  world.platform.sandbox.seed({ connector: 'sagelive', name: 'Sage', configuration });
  const { result, code } = await world.importAll({ withSecrets: true });
  expect(code).toBe(0);
  const [made] = result.kind === 'imported' ? result.definitions : [];
  for (const name of made?.secrets ?? []) world.env[`CONNECTORCTL_SECRET_${name}`] = 'our secret';
  return { ...world, yaml: world.rig.read(made?.file ?? '') };
}

describe('users F1: import and what the platform keeps', () => {
  it('writes what people chose, and none of it', async () => {
    const { yaml } = await openImported();
    for (const key of Object.keys(chosen)) expect(yaml).toContain(`  ${key}:`);
    const written = Object.keys(kept).filter((key) => yaml.includes(`  ${key}:`));
    expect(written).toEqual([]);
  });

  it('no apply sets it back, and no drift is told after a night', async () => {
    const world = await openImported();
    const { sandbox } = world.platform;
    expect(await world.apply()).toMatchObject({ code: 0 });
    const { id } = sandbox.instances()[0] ?? { id: 0 };
    const moved = Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, `${value}-moved`]));
    sandbox.change(id, { configuration: moved });
    expect(await world.drift()).toMatchObject({ code: 0, changes: [] });
    await expectSettled(world);
    await world.apply();
    expect(sandbox.instance(id)?.configuration).toMatchObject(moved);
  });

  it('a definition that names an internal key of its own is not set back either: it is a note', async () => {
    const definition = `connector: sagelive
name: Sage
configuration:
  oauth.api.key: our app
  oauth.api.secret: \${{ secrets.PASSWORD }}
  oauth.callback.url: https://app.example.com
  crm.session.refresh.time: '1'
providerData:
  code: \${{ secrets.PASSWORD }}
`;
    const world = await openHostile({ files: { 'sage.yaml': definition } });
    expect(await world.apply()).toMatchObject({ code: 0 });
    const { id } = world.platform.sandbox.instances()[0] ?? { id: 0 };
    world.platform.sandbox.change(id, { configuration: { 'crm.session.refresh.time': '2' } });
    expect(await world.drift()).toMatchObject({ code: 0 });
    await world.apply();
    expect(world.platform.sandbox.instance(id)?.configuration['crm.session.refresh.time']).toBe('2');
  });
});

describe('users F3: what hurts and is no difference of a value', () => {
  type Hurt = (world: Pick<HostileWorld, 'platform'>, id: number) => void;
  const hurts: readonly (readonly [string, Hurt])[] = [
    ['disabled', ({ platform }, id) => void platform.sandbox.change(id, { disabled: true })],
    ['invalid', ({ platform }, id) => void platform.sandbox.change(id, { valid: false })],
    ['gone', ({ platform }, id) => platform.sandbox.remove(id)],
    ['without its tags', ({ platform }, id) => void platform.sandbox.change(id, { tags: ['theirs'] })],
  ];

  it.each(hurts)('drift and plan count an instance that is %s, by name and with exit 2', async (_, hurt) => {
    const world = await openHostile({ files: { 'ann.yaml': definitionOf('Ann'), 'ben.yaml': definitionOf('Ben') } });
    await world.apply();
    hurt(world, world.platform.sandbox.instances().find(({ name }) => name === 'Ann')?.id ?? 0);
    const drifted = await world.drift();
    expect(drifted.code).toBe(2);
    const told = drifted.result.kind === 'drifted' ? drifted.result.plan.changes.map(({ key }) => key) : [];
    expect(told).toEqual(['ann']);
    // A conflict, where the key is gone and the name is there still, is worse than a change.
    expect([2, 6]).toContain((await world.plan()).code);
  });

  it('a disabled or invalid one is never flipped in silence', async () => {
    const world = await openHostile({ files: { 'ann.yaml': definitionOf('Ann') } });
    await world.apply();
    const { id } = world.platform.sandbox.instances()[0] ?? { id: 0 };
    world.platform.sandbox.change(id, { disabled: true, valid: false });
    await world.apply();
    expect(world.platform.sandbox.instance(id)).toMatchObject({ disabled: true, valid: false });
  });

  it('is nothing when the definition wants it switched off', async () => {
    const off = definitionOf('Ann').replace('configuration:', 'enabled: false\nconfiguration:');
    const world = await openHostile({ files: { 'ann.yaml': off } });
    await world.apply();
    expect((await world.drift()).code).toBe(0);
    await expectSettled(world);
  });

  it.each(['text', 'json', 'markdown', 'github'])('ends with exit 2 in the format %s', async (format) => {
    const world = await openManaged();
    await world.apply();
    world.platform.sandbox.change(world.live('One').id, { disabled: true });
    const { code, stdout } = await world.run(['drift', '--format', format]);
    expect(stdout).toContain('one');
    expect(code).toBe(2);
  });
});
