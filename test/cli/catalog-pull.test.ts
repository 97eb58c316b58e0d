import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../../src/platform/wire/json.ts';
import { decodeConnector } from '../../src/platform/wire/decode-connector.ts';
import { findBuiltIn, listBuiltIn } from '../../src/catalogue/built-in.ts';
import { renderConnectorFile } from '../../src/catalogue/connector-file.ts';
import { openManaged } from '../support/managed.ts';

describe('the file of a pulled connector', () => {
  it.each(listBuiltIn().map(({ key }) => key))('of %s reads as what was written', (key) => {
    const connector = findBuiltIn(key);
    if (connector === undefined) throw new Error('not built in');
    const parsed = parseAnswer(renderConnectorFile(connector));
    const decoded = decodeConnector(parsed.ok ? parsed.value : undefined, key);
    expect(decoded).toEqual({ ok: true, value: connector });
  });
});

describe('connectorctl catalog pull', () => {
  it('writes the connectors that definitions use, once, and sends only reads', async () => {
    const world = await openManaged();
    const first = await world.run(['catalog', 'pull']);
    expect(first).toMatchObject({ code: 0, sent: [], stdout: 'written    schema/connectors/actessentials.json\n' });
    const text = world.rig.read('schema/connectors/actessentials.json');
    expect((await world.run(['catalog', 'pull'])).stdout).toContain('unchanged');
    expect(world.rig.read('schema/connectors/actessentials.json')).toBe(text);
    expect((await world.run(['plan'])).code).toBe(0);
  });

  it('writes for editors what the platform says, and tells of it beside the list', async () => {
    const world = await openManaged();
    const { stderr } = await world.run(['catalog', 'pull', 'closeio']);
    expect(stderr).toContain('schema/instance.schema.json, schema/connectors/closeio.schema.json');
    const schema = JSON.parse(world.rig.read('schema/connectors/closeio.schema.json'));
    expect(schema.$defs.keys.properties.username).toMatchObject({
      description: expect.stringContaining('User at the provider'),
    });
    expect(world.rig.read('schema/instance.schema.json')).toContain('connectors/closeio.schema.json#/$defs/keys');
    expect((await world.run(['catalog', 'pull', 'closeio'])).stderr).not.toContain('For editors');
  });

  it('heals a file that cannot be read', async () => {
    const world = await openManaged();
    world.rig.write('schema/connectors/actessentials.json', '{');
    expect((await world.run(['plan'])).code).toBe(3);
    expect(await world.run(['catalog', 'pull'])).toMatchObject({ code: 0 });
    expect((await world.run(['plan'])).code).toBe(0);
  });

  it('names what the platform does not have, and writes the others', async () => {
    const world = await openManaged();
    const { code, stdout, stderr } = await world.run(['catalog', 'pull', 'closeio', 'sharefle']);
    expect(code).toBe(3);
    expect(stdout).toContain('schema/connectors/closeio.json');
    expect(stderr).toContain('Did you mean `sharefile`?');
  });

  it('makes complaints of validate errors', async () => {
    const world = await openManaged();
    world.rig.write('instances/four.yaml', 'connector: closeio\nname: Four\nconfiguration:\n  usernme: x\n');
    expect((await world.run(['validate'])).code).toBe(0);
    await world.run(['catalog', 'pull', 'closeio']);
    const { code, stdout, stderr } = await world.run(['validate']);
    expect(code).toBe(3);
    expect(stdout + stderr).toContain('Did you mean `username`?');
  });
});
