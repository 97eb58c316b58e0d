import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openManaged, removed, tagsOf } from '../support/managed.ts';
import { definitionOf, refusing } from '../support/world.ts';

const theirs = { username: 'one', password: 'theirs' };
const stranger = { connector: 'actessentials', name: 'One', configuration: theirs };
const instances = '/elements/api-v2/instances';
const onlyTwo = removed('two', 'three');

describe('adopt', () => {
  it('writes only tags when nothing differs, and says what it cannot compare and how to make it known', async () => {
    const world = await openManaged({ files: onlyTwo });
    const { sandbox } = world.platform;
    const { id, token } = sandbox.seed(stranger);
    world.rig.write('instances/one.yaml', `${definitionOf('One')}adopt: ${id}\n`);

    const planned = await world.run(['plan', '--detailed-exitcode']);
    expect(planned.code).toBe(2);
    expect(planned.stdout).toMatch(new RegExp(`^@ adopt {2}one {2}.*id ${id}`, 'm'));
    expect(planned.stdout).toContain('Plan: 0 to create, 0 to update, 1 to adopt, 0 to delete.');
    expect(planned.said).toContain('1 value cannot be compared, because the platform does not show it: password.');
    expect(planned.said).toContain('once: connectorctl apply --env test --resend');

    const { stdout, sent } = await world.apply();
    expect(stdout).toContain('Applied: 1 adopted.');
    expect(sent).toEqual([
      {
        line: `PATCH ${instances}/${id}`,
        body: { tags: ['One', ...tagsOf('one'), expect.stringMatching(/^connectorctl-applied\//)] },
      },
    ]);
    expect(sandbox.instance(id)).toMatchObject({ token, configuration: theirs });
    expect(await world.run(['plan', '--detailed-exitcode'])).toMatchObject({ code: 0, sent: [] });

    // What nobody can see is sent when a person says so, and is known from then on.
    const resent = await world.apply('--resend', 'one');
    expect(resent.sent).toMatchObject([{ body: { configuration: { password: 'pa55 word' } } }]);
    await world.expectSettled();
  });
});

describe('what is not ours', () => {
  it('stops a definition with the name of an instance that nobody owns, and the others go on', async () => {
    const world = await openManaged();
    const { sandbox } = world.platform;
    const before = sandbox.seed(stranger);
    const planned = await world.run(['plan']);
    expect(planned.code).toBe(6);
    expect(planned.stdout).toMatch(/^! conflict {2}one /m);
    expect(planned.said).toContain(`Instance ${before.id} already has this connector and name`);
    expect(planned.said).toContain(`\`adopt: ${before.id}\``);

    const { code, stdout, sent } = await world.run(['apply', '--yes']);
    expect(code).toBe(6);
    expect(stdout).toContain('Applied: 2 created.');
    expect(sent).toHaveLength(4);
    const posts = sent.filter(({ line }) => line === `POST ${instances}`);
    expect(posts.map(({ body }) => body)).toMatchObject([{ name: expect.anything() }, { name: expect.anything() }]);
    expect(sent.filter(({ line }) => line.startsWith('PATCH'))).toHaveLength(2);
    expect(sandbox.instance(before.id)).toEqual(before);
    expect(sandbox.instances().map(({ name }) => name)).toEqual(expect.arrayContaining(['One', 'Two', 'Three']));
    expect(sandbox.instances()).toHaveLength(3);
  });

  it('never touches an instance of another workspace, whatever name, key, prune or adopt say', async () => {
    const world = await openManaged({ files: onlyTwo });
    const { sandbox } = world.platform;
    const foreign = [
      sandbox.seed({ ...stranger, tags: tagsOf('one', 'other') }),
      sandbox.seed({ ...stranger, name: 'Else', tags: tagsOf('gone', 'other') }),
      sandbox.seed({ ...stranger, name: 'Alike', tags: tagsOf('gone', 'acme2') }),
    ];
    const [first] = foreign;
    world.rig.write('instances/one.yaml', `${definitionOf('One')}adopt: ${first?.id}\n`);
    for (const words of [
      ['plan', '--prune'],
      ['apply', '--yes', '--prune'],
    ]) {
      const { code, sent, said } = await world.run(words);
      expect({ code, sent }).toEqual({ code: 6, sent: [] });
      expect(said).toContain(`adopt: instance ${first?.id} belongs to the workspace other.`);
      expect(said).toContain('Instances of another workspace are never touched.');
    }

    world.rig.write('instances/one.yaml', definitionOf('One'));
    const { sent, said } = await world.apply('--prune');
    const made = sandbox.instances().at(-1)?.id;
    expect(sent.map(({ line }) => line)).toEqual([`POST ${instances}`, `PATCH ${instances}/${made}`]);
    expect(said).toContain(`Instance ${first?.id} of the workspace other has the same connector and name.`);
    for (const one of foreign) expect(sandbox.instance(one.id)).toEqual(one);
    await world.expectSettled();
  });
});

describe('tags that contradict', () => {
  it('names both ids when two live instances carry one key, with and without the definition', async () => {
    const world = await openManaged({ settings: { limits: { maxDeletePercent: 100 } } });
    const { sandbox } = world.platform;
    await world.apply();
    const { id, tags } = world.live('One');
    const copy = sandbox.seed({ ...stranger, name: 'Copy', tags });
    const both = `Instances ${id} and ${copy.id} all have the key one.`;
    for (const words of [['plan'], ['apply', '--yes', '--prune']]) {
      const { code, said, sent } = await world.run(words);
      expect({ code, sent }).toEqual({ code: 6, sent: [] });
      expect(said).toContain(both);
    }
    renameSync(path.join(world.rig.directory, 'instances/one.yaml'), path.join(world.rig.directory, 'one.yaml'));
    const { code, said, sent } = await world.run(['apply', '--yes', '--prune']);
    expect({ code, sent }).toEqual({ code: 0, sent: [] });
    expect(said).toContain(`Instances ${id} and ${copy.id} have the same key, so none of them is deleted.`);
  });

  it('stops at owner tags that contradict each other, and goes on when they are gone', async () => {
    const world = await openManaged();
    const { sandbox } = world.platform;
    await world.apply();
    const { id, tags } = world.live('One');
    const contested = sandbox.change(id, { tags: [...tags, ...tagsOf('one', 'other')] });
    const { code, said, sent } = await world.run(['apply', '--yes', '--prune']);
    expect({ code, sent }).toEqual({ code: 6, sent: [] });
    expect(said).toContain(
      `The tags of instance ${id} name no single owner: connectorctl/acme/test, connectorctl/acme/test/one, connectorctl/other/test and connectorctl/other/test/one.`,
    );
    expect(sandbox.instance(id)).toEqual(contested);
    sandbox.change(id, { tags });
    await world.expectSettled();
  });
});

describe('move', () => {
  it('is one PATCH of tags when the file is renamed: id, token and values stay', async () => {
    const world = await openManaged();
    await world.apply();
    const before = world.live('One');
    world.rig.write('instances/crm/first.yaml', world.rig.read('instances/one.yaml'));
    renameSync(path.join(world.rig.directory, 'instances/one.yaml'), path.join(world.rig.directory, 'one.yaml'));

    const planned = await world.run(['plan', '--detailed-exitcode', '--prune']);
    expect(planned.code).toBe(2);
    expect(planned.stdout).toMatch(new RegExp(`^→ move {2}crm/first {2}was one {2}.*id ${before.id}`, 'm'));
    const { sent, stdout } = await world.apply('--prune');
    expect(stdout).toContain('Applied: 1 moved.');
    expect(sent).toEqual([
      {
        line: `PATCH ${instances}/${before.id}`,
        body: { tags: expect.arrayContaining([...tagsOf('crm/first')]) },
      },
    ]);
    const { tags, ...rest } = before;
    expect(world.live('One')).toMatchObject(rest);
    expect(world.live('One').tags).not.toContain('connectorctl/acme/test/one');
    expect(tags).toContain('connectorctl/acme/test/one');
    await world.expectSettled();
  });
});

describe('replace', () => {
  it('is refused without --allow-replace, and says what is lost; the others go on', async () => {
    const world = await openManaged();
    await world.apply();
    const { id } = world.live('One');
    world.rig.write('instances/one.yaml', definitionOf('One').replace('actessentials', 'jira'));
    world.rig.write('instances/two.yaml', definitionOf('Two').replace('username: two', 'username: second'));
    const planned = await world.run(['plan']);
    expect(planned.code).toBe(6);
    expect(planned.stdout).toMatch(new RegExp(`^± replace {2}one {2}.*id ${id}`, 'm'));
    expect(planned.said).toContain('The instance gets a new id and a new token');
    expect(planned.said).toContain('That is refused unless you ask for it.');
    expect(planned.said).toContain('--allow-replace');

    const applied = await world.run(['apply', '--yes']);
    expect(applied.code).toBe(6);
    expect(applied.sent.map(({ line }) => line)).toEqual([`PATCH ${instances}/${world.live('Two').id}`]);
    expect(world.live('One')).toMatchObject({ id, connector: 'actessentials' });
  });

  it('with --allow-replace makes a new one, takes the old one away and keeps a copy; protection forbids it', async () => {
    const world = await openManaged();
    await world.apply();
    const before = world.live('One');
    const jira = definitionOf('One').replace('actessentials', 'jira');
    world.rig.write('instances/one.yaml', `${jira}protect: true\n`);
    const forbidden = await world.run(['apply', '--yes', '--allow-replace']);
    expect(forbidden).toMatchObject({ code: 6, sent: [] });
    expect(forbidden.said).toContain('The definition is protected.');

    world.rig.write('instances/one.yaml', jira);
    const { stdout, sent } = await world.apply('--allow-replace');
    expect(stdout).toContain('Applied: 1 replaced.');
    const after = world.live('One');
    expect(after).toMatchObject({ connector: 'jira', tags: expect.arrayContaining([...tagsOf('one')]) });
    expect(after.id).not.toBe(before.id);
    expect(after.token).not.toBe(before.token);
    expect(sent.map(({ line }) => line)).toEqual([
      `PATCH ${instances}/${before.id}`,
      `POST ${instances}`,
      `PATCH ${instances}/${after.id}`,
      `DELETE ${instances}/${before.id}`,
    ]);
    const copy = readFileSync(path.join(world.rig.directory, `.connectorctl/deleted/test/${before.id}.yaml`), 'utf8');
    expect(copy).toContain('connector: actessentials');
    expect(copy).not.toContain('pa55 word');
    await world.expectSettled();
  });
});

describe('a replace that stops in between', () => {
  it('leaves the old instance until the new one is there; its copy still says what it was', async () => {
    const refuse = refusing('One');
    const door = { closed: false };
    const world = await openManaged({
      before: (request) => (door.closed ? refuse(request) : undefined),
      settings: { limits: { maxDeletePercent: 100 } },
    });
    await world.apply();
    const { id } = world.live('One');
    world.rig.write('instances/one.yaml', definitionOf('One').replace('actessentials', 'jira'));
    door.closed = true;
    const failed = await world.run(['apply', '--yes', '--allow-replace', '--prune']);
    expect(failed.code).toBe(1);
    expect(failed.said).toContain('Login failed');
    expect(world.live('One')).toMatchObject({ id, connector: 'actessentials' });

    const again = await world.run(['apply', '--yes', '--prune']);
    expect(again.code).toBe(1);
    expect(again.said).toContain('It was not deleted: the new instance of one, which takes its place, is not there.');
    door.closed = false;
    const ended = await world.apply();
    expect(ended.sent.map(({ line }) => line).filter((line) => line.startsWith('DELETE'))).toEqual([
      `DELETE ${instances}/${id}`,
    ]);
    expect(world.rig.read(`.connectorctl/deleted/test/${id}.yaml`)).toContain('  username: one\n');
    await world.expectSettled();
  });
});

describe('the state of an instance', () => {
  it('is managed only where `enabled` is given, and reported otherwise', async () => {
    const world = await openManaged();
    const { sandbox } = world.platform;
    await world.apply();
    const { id } = sandbox.change(world.live('One').id, { disabled: true });
    sandbox.change(world.live('Two').id, { valid: false });
    const planned = await world.run(['plan', '--detailed-exitcode']);
    expect(planned.code).toBe(2);
    expect(planned.said).toContain('The instance is disabled on the platform and stays disabled.');
    expect(planned.said).toContain("The platform's own check of this instance failed");
    expect((await world.apply()).sent).toEqual([]);
    expect(sandbox.instance(id)).toMatchObject({ disabled: true });

    world.rig.write('instances/one.yaml', `${definitionOf('One')}enabled: true\n`);
    const { plan, exitCode } = await world.json(['plan', '--detailed-exitcode']);
    expect(exitCode).toBe(2);
    expect(plan.changes).toMatchObject([
      { key: 'one', action: 'update', fields: [{ field: '/enabled', before: false, after: true }] },
      { key: 'two', action: 'unchanged', notes: [{ code: 'invalid' }] },
    ]);
    const { sent } = await world.apply();
    expect(sent.map(({ line }) => line)).toContain(`PUT ${instances}/${id}/enabled`);
    expect(sandbox.instance(id)).toMatchObject({ disabled: false });

    // From now on it is ours: switched off by somebody else, it is drift.
    sandbox.change(id, { disabled: true });
    expect((await world.json(['drift'])).plan.changes).toMatchObject([
      { key: 'one', fields: [{ field: '/enabled', cause: 'drift' }] },
      { key: 'two' },
    ]);
    world.rig.write('instances/one.yaml', `${definitionOf('One')}enabled: false\n`);
    await world.apply();
    expect(sandbox.instance(id)).toMatchObject({ disabled: true });
    sandbox.change(world.live('Two').id, { valid: true });
    await world.expectSettled();
  });
});
