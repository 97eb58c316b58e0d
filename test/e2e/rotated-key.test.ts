import { describe, expect, it } from 'vitest';
import { openManaged } from '../support/managed.ts';

const env = { CONNECTORCTL_FINGERPRINT_KEY: 'a1'.repeat(32) };
const next = 'connectorctl apply --env test --resend';

describe('after another fingerprint key', () => {
  it('plan says once what is assumed and what to do, and drift does not say that all is as it should be', async () => {
    const world = await openManaged();
    await world.apply();
    const planned = await world.run(['plan', '--detailed-exitcode'], env);
    expect(planned).toMatchObject({ code: 2, sent: [] });
    expect(planned.stdout).toMatch(/^\* remember {2}3 instances {2}one, three and two$/m);
    expect(planned.said).toContain(
      '3 values cannot be compared, because the platform does not show them: password of one, three and two.',
    );
    expect(planned.stdout.split(next)).toHaveLength(2);

    const drifted = await world.run(['drift'], env);
    expect(drifted.said).toContain('edits cannot be told apart from drift');
    expect(drifted.said).toContain('3 instances match their definitions, as far as it can be compared.');
    expect(drifted.said).not.toContain('No drift');
  });

  it('a plan file holds --resend without keys, and applying it sends what was assumed and nothing after that', async () => {
    const world = await openManaged();
    await world.apply();
    const planned = await world.run(['plan', '--resend', '--out', 'p.json'], env);
    expect(planned.stdout).toContain('Plan: 0 to create, 3 to update, 0 to delete.');
    const applied = await world.run(['apply', 'p.json', '--yes'], env);
    expect(applied.code).toBe(0);
    expect(applied.sent.map(({ body }) => body)).toMatchObject(
      Array.from({ length: 3 }, () => ({ configuration: { password: 'pa55 word' } })),
    );
    expect(await world.run(['apply', '--yes', '--resend'], env)).toMatchObject({ code: 0, sent: [] });
    await world.expectSettled(env);
  });

  it('refuses one that can be guessed before anything is asked of the platform, also as the former one', async () => {
    const world = await openManaged();
    for (const name of ['CONNECTORCTL_FINGERPRINT_KEY', 'CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS']) {
      const before = world.platform.requests.length;
      const refused = await world.run(['plan'], { [name]: 'changeme' });
      expect(refused.code).toBe(3);
      expect(refused.said).toContain(`${name} is no random key of 256 bits or more.`);
      expect(refused.said).toContain('openssl rand -hex 32');
      expect(refused.said).not.toContain('changeme');
      expect(world.platform.requests).toHaveLength(before);
    }
  });
});
