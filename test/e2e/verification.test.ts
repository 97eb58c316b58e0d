import { describe, expect, it } from 'vitest';
import { refusedCredential } from '../../src/sandbox/instance/authorise.ts';
import { openManaged } from '../support/managed.ts';

const definition = (name: string, secret: string) => `connector: actessentials
name: ${name}
configuration:
  username: robot
  password: \${{ secrets.${secret} }}
`;

const first = { CONNECTORCTL_SECRET_GOOD: 'first-of-good', CONNECTORCTL_SECRET_BAD: 'first-of-bad' };
const rotated = { CONNECTORCTL_SECRET_GOOD: 'next-of-good', CONNECTORCTL_SECRET_BAD: refusedCredential };

describe('apply, when an instance does not work afterwards', () => {
  it('ends with 7 and names it with the words of the provider, while the others are done', async () => {
    const files = { 'instances/good.yaml': definition('Good', 'GOOD'), 'instances/bad.yaml': definition('Bad', 'BAD') };
    const world = await openManaged({ files });
    expect((await world.run(['apply', '--yes'], first)).code).toBe(0);

    const told = await world.run(['apply', '--yes'], rotated);
    expect(told.code).toBe(7);
    expect(told.said).toContain('updated, ping failed');
    expect(told.said).toContain('the provider does not respond through it');
    expect(told.said).toMatch(/Applied: 2 updated\. 1 unverified\./);
    expect(told.said).not.toContain(refusedCredential);

    // What is written is written: there is nothing left to apply.
    expect((await world.run(['plan', '--detailed-exitcode'], rotated)).code).toBe(0);
  });

  it('does not ask with --no-verify', async () => {
    const world = await openManaged({ files: { 'instances/bad.yaml': definition('Bad', 'BAD') } });
    expect((await world.run(['apply', '--yes'], first)).code).toBe(0);
    const { code, said } = await world.run(['apply', '--yes', '--no-verify'], rotated);
    expect(code).toBe(0);
    expect(said).toContain('Applied: 1 updated.');
  });

  it('says it in JSON too, with the same exit code', async () => {
    const world = await openManaged({ files: { 'instances/bad.yaml': definition('Bad', 'BAD') } });
    await world.run(['apply', '--yes'], first);
    const { code, stdout } = await world.run(['apply', '--yes', '--format', 'json'], rotated);
    expect(code).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 7,
      result: { summary: { unverified: 1, succeeded: 0 }, outcomes: [{ status: 'unverified' }] },
    });
  });
});
