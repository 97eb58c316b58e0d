import { describe, expect, it } from 'vitest';
import { openManaged } from '../support/managed.ts';

const file = (baseUrl: string) => `version: 1\nworkspace: acme\nenvironments:\n  test:\n    baseUrl: ${baseUrl}\n`;

describe('the account of an environment', () => {
  it('is checked before any instance is read', async () => {
    const world = await openManaged();
    const write = (account: string): void => {
      world.rig.write('connectorctl.yaml', `${file(world.platform.origin)}    account: "${account}"\n`);
    };
    write('4711');
    const { code, said } = await world.run(['apply', '--yes']);
    expect(code).toBe(6);
    expect(said).toContain('The credentials must belong to the account 4711, and they belong to');
    expect(world.platform.requests.map(({ path }) => path)).toEqual(['/elements/api-v2/organizations/me']);
    write('Sandbox');
    expect((await world.run(['plan'])).code).toBe(0);
  });
});

describe('where credentials go', () => {
  it('to loopback only when it is named', async () => {
    const world = await openManaged();
    const { code, sent, said } = await world.run(['apply', '--yes'], { CONNECTORCTL_ALLOWED_HOSTS: '' });
    expect({ code, sent, asked: world.platform.requests }).toEqual({ code: 3, sent: [], asked: [] });
    expect(said).toContain('Credentials are not sent to 127.0.0.1:');
    const { host } = new URL(world.platform.origin);
    expect(said).toContain(`CONNECTORCTL_ALLOWED_HOSTS=${host}`);
    expect((await world.run(['plan'], { CONNECTORCTL_ALLOWED_HOSTS: host })).code).toBe(0);
  });

  it.each([
    ['https://my.openconnectors.eu10.ext.hana.ondemand.com', 'https://api.openconnectors.eu10.ext.hana.ondemand.com'],
    [
      'https://my.openconnectors.us10.ext.hana.ondemand.com/home/instances',
      'https://api.openconnectors.us10.ext.hana.ondemand.com',
    ],
    ['https://api.openconnectors.eu10.ext.hana.ondemand.com/elements/api-v2/instances', 'scheme and host only'],
    ['http://api.openconnectors.eu10.ext.hana.ondemand.com', 'without TLS'],
    ['https://evil.hana.ondemand.com', 'Credentials are not sent to evil.hana.ondemand.com'],
  ])('is judged alike by validate and plan, at its place: %s', async (baseUrl, words) => {
    const world = await openManaged();
    world.rig.write('connectorctl.yaml', file(baseUrl));
    for (const command of ['validate', 'plan']) {
      const { code, said } = await world.run([command]);
      expect({ command, code }).toEqual({ command, code: 3 });
      expect(said).toContain(words);
      expect(said).toContain('connectorctl.yaml:5:14');
    }
    expect(world.platform.requests).toEqual([]);
  });
});
