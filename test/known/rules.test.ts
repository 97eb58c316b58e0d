import { describe, expect, it } from 'vitest';
import { expectSettled, openHostile } from '../support/hostile-world.ts';
import { definitionOf } from '../support/world.ts';

describe('rules 4: another fingerprint key', () => {
  it('leaves nothing unwatched after one apply, and names no instance one by one', async () => {
    const names = ['Ann', 'Ben', 'Cid'];
    const files = Object.fromEntries(names.map((name) => [`${name.toLowerCase()}.yaml`, definitionOf(name)]));
    const world = await openHostile({ files });
    await world.apply();
    world.env['CONNECTORCTL_FINGERPRINT_KEY'] = 'c3'.repeat(32);
    const { said } = await world.plan();
    expect(said).not.toMatch(/--resend ann/);
    await world.apply();
    await expectSettled(world);
    // What can be seen is known again: a change by hand is drift, not an edit of ours.
    const { id } = world.platform.sandbox.instances()[0] ?? { id: 0 };
    world.platform.sandbox.change(id, { configuration: { username: 'by hand' } });
    const { result } = await world.drift();
    const fields = result.kind === 'drifted' ? result.plan.changes.flatMap((change) => change.fields) : [];
    expect(fields).toMatchObject([{ field: '/configuration/username', cause: 'drift' }]);
  });
});
