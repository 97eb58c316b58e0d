import { describe, expect, it } from 'vitest';
import { type Managed, openManaged } from '../support/managed.ts';

const poller = '{"contacts":{"url":"/hubs/crm/contacts?where=a>\'${date:yyyy}\'","idField":"id"}}';
const commented = `# Who owns this: the sales team.
connector: actessentials
name: One   # as in the console
tags:
  - Docs # for the index
configuration:
  # The account of the robot.
  username: "one"   # do not rename
  password: \${{ secrets.PASSWORD }}
  event.notification.enabled: true
  event.vendor.type: polling
  event.notification.callback.url: https://\${{ vars.host }}/events
  event.poller.refresh_interval: 15 # minutes

  pagination.max: 50
`;

async function openApplied(): Promise<Managed> {
  const world = await openManaged({
    files: { 'instances/one.yaml': commented },
    settings: { vars: { host: 'hooks.example.com' } },
  });
  await world.apply();
  return world;
}

function change(world: Managed, name: string, configuration: Readonly<Record<string, string>>): void {
  world.platform.sandbox.change(world.live(name).id, { configuration });
}

/** The lines of one text that are not in the other, both ways: `-15`, `+5`. */
function lineDiff(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
}

describe('drift', () => {
  it('is none when only definitions, secrets or strangers changed, and only reads are sent', async () => {
    const world = await openApplied();
    const none = 'No drift. The platform matches what was last applied.\n';
    expect(await world.run(['drift'])).toMatchObject({ code: 0, stdout: none, sent: [] });
    world.rig.write('instances/one.yaml', commented.replace('"one"', '"first"'));
    world.platform.sandbox.seed({
      connector: 'actessentials',
      name: 'ForeignInstance',
      configuration: { username: 'theirs', password: 'theirs' },
    });
    const rotated = { CONNECTORCTL_SECRET_PASSWORD: 'r0tated' };
    expect(await world.run(['drift'], rotated)).toMatchObject({ code: 0, stdout: none, sent: [] });
    const { exitCode, plan } = await world.json(['drift']);
    expect({ exitCode, changes: plan.changes }).toEqual({ exitCode: 0, changes: [] });
  });

  it('names a definition without an instance, as one that is gone looks like one that was never made', async () => {
    const world = await openApplied();
    world.rig.write('instances/four.yaml', commented.replace('name: One', 'name: Four'));
    const { exitCode, plan, sent } = await world.json(['drift']);
    expect({ exitCode, sent }).toEqual({ exitCode: 2, sent: [] });
    expect(plan.changes).toMatchObject([{ key: 'four', action: 'create', fields: [], notes: [{ code: 'gone' }] }]);
  });

  it('ends with 2 and tells who moved, in text, JSON and Markdown', async () => {
    const world = await openApplied();
    change(world, 'One', { 'event.poller.refresh_interval': '5', username: 'somebody' });
    change(world, 'Two', { username: 'else' });
    world.rig.write('instances/one.yaml', commented.replace('"one"', '"first"').replace('50', '60'));
    const [text, markdown, { plan, exitCode, sent }] = await Promise.all([
      world.run(['drift']),
      world.run(['drift', '--format', 'markdown']),
      world.json(['drift']),
    ]);
    expect([text.code, markdown.code, exitCode]).toEqual([2, 2, 2]);
    expect([text.sent, markdown.sent, sent]).toEqual([[], [], []]);
    expect(plan.changes).toMatchObject([
      {
        key: 'one',
        action: 'update',
        fields: [
          { field: '/configuration/event.poller.refresh_interval', cause: 'drift', before: '5', after: '15' },
          { field: '/configuration/username', cause: 'conflict', before: 'somebody', after: 'first' },
        ],
      },
      { key: 'two', fields: [{ field: '/configuration/username', cause: 'drift', before: 'else', after: 'two' }] },
    ]);
    expect(text.stdout).toMatch(
      /^ *event\.poller\.refresh_interval +5 → 15 +changed on the platform +poll every 5 → 15 min$/m,
    );
    expect(text.stdout).toMatch(/^ *username +somebody → first +changed on both sides$/m);
    expect(text.stdout).toContain(
      'Undo it:  connectorctl apply --env test\nKeep it:  connectorctl drift --env test --accept KEY\n',
    );
    expect(text.stdout).not.toContain('pagination.max');
    for (const word of [
      'event.poller.refresh_interval',
      'changed on the platform',
      'changed on both sides',
      'somebody',
    ]) {
      expect(markdown.stdout).toContain(word);
    }
    expect((await world.json(['drift', '--only', 'two'])).plan.changes.map(({ key }) => key)).toEqual(['two']);
    const others = await world.json(['drift', '--exclude', 'tw?']);
    expect(others.plan.changes.map(({ key }) => key)).toEqual(['one']);

    // Apply undoes it, and drift that is undone is none.
    await world.apply();
    expect(world.live('One').configuration).toMatchObject({ 'event.poller.refresh_interval': '15', username: 'first' });
    expect((await world.run(['drift'])).code).toBe(0);
  });
});

describe('drift --accept', () => {
  it('writes the value of the platform into that line and no other; then there is nothing to plan', async () => {
    const world = await openApplied();
    change(world, 'One', { 'event.poller.refresh_interval': '5', username: 'some: #body' });
    change(world, 'Two', { username: 'else' });
    const two = world.rig.read('instances/two.yaml');
    const { code, stdout, sent } = await world.run(['drift', '--accept', 'one']);
    expect(stdout).toMatch(/\n\nThere is drift still, in (?:two|\d instances):\n {2}connectorctl drift --env test\n$/);
    // What was not accepted is drift still.
    expect({ code, sent }).toEqual({ code: 2, sent: [] });
    expect(stdout).toContain('one: 2 fields written to instances/one.yaml\n');
    const accepted = world.rig.read('instances/one.yaml');
    expect(lineDiff(commented, accepted)).toEqual([
      '-  username: "one"   # do not rename',
      '-  event.poller.refresh_interval: 15 # minutes',
      '+  username: "some: #body"   # do not rename',
      '+  event.poller.refresh_interval: 5 # minutes',
    ]);
    expect(world.rig.read('instances/two.yaml')).toBe(two);
    expect(await world.json(['drift', '--accept', 'two'])).toMatchObject({
      exitCode: 0,
      accepted: [{ key: 'two', file: 'instances/two.yaml', fields: 1, refused: [] }],
    });
    await world.expectSettled();
    expect((await world.apply()).sent).toEqual([]);
  });

  it('writes names, tags, states, removed values and JSON, and keeps a both-sided change of the platform', async () => {
    const world = await openApplied();
    const withPoller = `${commented}  event.poller.configuration:\n    contacts: { url: "/hubs/crm/contacts?where=a>'\${date:yyyy}'", idField: id } # one\nenabled: true\n`;
    world.rig.write('instances/one.yaml', withPoller);
    await world.apply();
    const { id, tags } = world.live('One');
    world.platform.sandbox.change(id, {
      name: 'Uno',
      tags: [...tags, 'Sales'],
      disabled: true,
      configuration: { 'event.poller.configuration': poller.replace('"id"', '"Id"'), 'pagination.max': '70' },
    });
    const ours = withPoller.replace('pagination.max: 50', 'pagination.max: 60');
    world.rig.write('instances/one.yaml', ours);
    expect(await world.run(['drift', '--accept', 'one'])).toMatchObject({ code: 0, sent: [] });
    expect(lineDiff(ours, world.rig.read('instances/one.yaml'))).toEqual([
      '-name: One   # as in the console',
      '-  pagination.max: 60',
      '-    contacts: { url: "/hubs/crm/contacts?where=a>\'${date:yyyy}\'", idField: id } # one',
      '-enabled: true',
      '+name: Uno   # as in the console',
      '+  - Sales',
      '+  pagination.max: 70',
      '+    contacts: { url: "/hubs/crm/contacts?where=a>\'${date:yyyy}\'", idField: Id } # one',
      '+enabled: false',
    ]);
    await world.expectSettled();
  });

  it('refuses a secret with the reason, and what has not drifted as invalid input', async () => {
    const world = await openApplied();
    const signed = commented.replace('name: One', 'name: Signed').replace('"one"', '${{ secrets.LOGIN }}');
    world.rig.write('instances/one.yaml', signed);
    const env = { CONNECTORCTL_SECRET_LOGIN: 'l0gin name' };
    expect((await world.run(['apply', '--yes'], env)).code).toBe(0);
    change(world, 'Signed', { username: 'theirs 0nly' });
    const { code, said, sent } = await world.run(['drift', '--accept', 'one'], env);
    expect({ code, sent }).toEqual({ code: 2, sent: [] });
    expect(said).toContain(
      '/configuration/username stays: The value is secret, and secrets are never written to a file.',
    );
    expect(said).not.toContain('theirs 0nly');
    expect(world.rig.read('instances/one.yaml')).toBe(signed);

    for (const key of ['two', 'nothing']) {
      const unknown = await world.run(['drift', '--accept', 'one', key], env);
      expect(unknown).toMatchObject({ code: 3, sent: [] });
      expect(unknown.said).toContain(`There is no drift to accept for ${key}.`);
      expect(unknown.said).toContain('No file was written.');
    }
    expect(world.rig.read('instances/one.yaml')).toBe(signed);
  });
});
