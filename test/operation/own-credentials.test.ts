import { describe, expect, it } from 'vitest';
import { findSharedVariable, ownVariable } from '../../src/model/own-variables.ts';
import { runHosted } from '../support/cli-host.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { openRig } from '../support/rig.ts';
import { definitionOf } from '../support/world.ts';

const keyOf = (letter: string): string => letter.repeat(64);
const pair = (name: string) => ({
  userSecret: `user-secret-of-${name}=`,
  organizationSecret: `organization-secret-of-${name}=`,
});

/** Variables of one environment alone. */
function own(suffix: string, name: string): Readonly<Record<string, string>> {
  const { userSecret, organizationSecret } = pair(name);
  return {
    [`CONNECTORCTL_USER_SECRET${suffix}`]: userSecret,
    [`CONNECTORCTL_ORGANIZATION_SECRET${suffix}`]: organizationSecret,
  };
}

interface Accounts {
  readonly of: Readonly<Record<'dev' | 'prod-eu', TestPlatform>>;
  readonly run: (line: string, env: Readonly<Record<string, string>>) => ReturnType<typeof runHosted>;
}

const sent = (platform: TestPlatform): string => platform.requests.map(({ body }) => body).join('\n');

/** Two environments, each with an account and a password of its own. */
async function openAccounts(names: readonly [string, string] = ['dev', 'prod-eu']): Promise<Accounts> {
  const [dev, prod] = [await startPlatform(pair('dev')), await startPlatform(pair('prod'))];
  const environments = { [names[0]]: { baseUrl: dev.origin }, [names[1]]: { baseUrl: prod.origin } };
  const rig = openRig({
    'connectorctl.yaml': JSON.stringify({ version: 1, workspace: 'acme', environments }),
    'instances/ann.yaml': definitionOf('Ann'),
  });
  const needed = { CONNECTORCTL_ALLOWED_HOSTS: '127.0.0.1', CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' };
  const run: Accounts['run'] = (line, env) =>
    runHosted(line.split(' '), { cwd: rig.directory, env: { ...needed, ...env } });
  return { of: { dev, 'prod-eu': prod }, run };
}

describe('environments with accounts of their own', () => {
  it('are planned in one run, each with its own credentials and key, which win over those for all', async () => {
    const { run } = await openAccounts();
    const env = { ...own('', 'dev'), ...own('_PROD_EU', 'prod') };
    const plans = await run('plan --env dev,prod-eu', env);
    expect(plans.stderr).toBe('');
    expect(plans.stdout.match(/1 to create/g)).toHaveLength(2);
    expect((await run('plan --all-environments', { ...own('_DEV', 'dev'), ...own('_PROD_EU', 'prod') })).code).toBe(0);
    const doctor = await run('doctor --env prod-eu', { ...env, CONNECTORCTL_FINGERPRINT_KEY_PROD_EU: keyOf('a') });
    expect(doctor.stdout).toContain(
      'CONNECTORCTL_USER_SECRET_PROD_EU and CONNECTORCTL_ORGANIZATION_SECRET_PROD_EU are set.',
    );
    expect(doctor.stdout).toContain('CONNECTORCTL_FINGERPRINT_KEY_PROD_EU is set');
  });

  it('never get half of one pair and half of another, and an empty variable is not set', async () => {
    const { run, of } = await openAccounts();
    const half = await run('plan --env prod-eu', { ...own('', 'prod'), CONNECTORCTL_USER_SECRET_PROD_EU: 'one half' });
    expect(half.code).toBe(3);
    expect(half.stderr).toContain(
      'CONNECTORCTL_ORGANIZATION_SECRET_PROD_EU is not set, and CONNECTORCTL_USER_SECRET_PROD_EU is.',
    );
    const bare = await run('plan --env prod-eu', own('_DEV', 'dev'));
    expect(bare.stderr).toContain(
      'CONNECTORCTL_USER_SECRET_PROD_EU and CONNECTORCTL_ORGANIZATION_SECRET_PROD_EU are for this one alone',
    );
    expect(of['prod-eu'].requests).toEqual([]);
    const empty = {
      ...own('', 'prod'),
      CONNECTORCTL_USER_SECRET_PROD_EU: '',
      CONNECTORCTL_ORGANIZATION_SECRET_PROD_EU: '',
    };
    expect((await run('plan --env prod-eu', empty)).code).toBe(0);
  });

  it('are told by name whose credentials the platform or the account check refuses', async () => {
    const { run } = await openAccounts();
    const refused = await run('plan --env prod-eu', { ...own('', 'prod'), ...own('_PROD_EU', 'dev') });
    expect(refused.stderr).toContain(
      'CONNECTORCTL_USER_SECRET_PROD_EU and CONNECTORCTL_ORGANIZATION_SECRET_PROD_EU must both belong',
    );
  });

  it('remember with a key of their own what was applied, and know the former key of their own', async () => {
    const { run } = await openAccounts();
    const env = own('_PROD_EU', 'prod');
    const [a, b] = [keyOf('a'), keyOf('b')];
    await run('apply --env prod-eu --yes', {
      ...env,
      CONNECTORCTL_FINGERPRINT_KEY_PROD_EU: a,
      CONNECTORCTL_FINGERPRINT_KEY: b,
    });
    const plan = (more: Readonly<Record<string, string>>) =>
      run('plan --env prod-eu --detailed-exitcode', { ...env, ...more });
    const rotated = { CONNECTORCTL_SECRET_PASSWORD: 'another one' };
    expect((await plan({ CONNECTORCTL_FINGERPRINT_KEY: a })).stdout).toContain('No changes');
    expect((await plan({ CONNECTORCTL_FINGERPRINT_KEY: a, ...rotated })).code).toBe(2);
    const former = { CONNECTORCTL_FINGERPRINT_KEY: b, CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS_PROD_EU: a };
    expect((await plan({ ...former, ...rotated })).code).toBe(2);
    expect((await run('doctor --env prod-eu', { ...env, ...former })).stdout).toContain(
      'CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS_PROD_EU is still set.',
    );
  });

  it('read a bundle of their own before all others', async () => {
    const { run, of } = await openAccounts();
    const env = {
      ...own('_DEV', 'dev'),
      ...own('_PROD_EU', 'prod'),
      CONNECTORCTL_SECRETS_PROD_EU: '{"PASSWORD": "of prod alone"}',
    };
    await run('apply --env dev --yes', env);
    await run('apply --env prod-eu --yes', env);
    expect(sent(of.dev)).toContain('pa55 word');
    expect(sent(of['prod-eu'])).toContain('of prod alone');
    expect((await run('plan --all-environments --detailed-exitcode', env)).code).toBe(0);
    const broken = await run('plan --env prod-eu', { ...env, CONNECTORCTL_SECRETS_PROD_EU: 'nonsense' });
    expect(broken.stderr).toContain('CONNECTORCTL_SECRETS_PROD_EU is neither');
  });

  it('are refused by name when a variable that is set may be meant for two of them', async () => {
    const { run, of } = await openAccounts(['eu-1', 'eu.1']);
    const both = await run('plan --all-environments', own('_EU_1', 'dev'));
    expect(both.code).toBe(3);
    expect(both.stderr).toContain(
      'CONNECTORCTL_USER_SECRET_EU_1 is set, and both the environment eu-1 and the environment eu.1',
    );
    expect([...of.dev.requests, ...of['prod-eu'].requests]).toEqual([]);
    expect((await run('plan --env eu-1', own('', 'dev'))).code).toBe(0);
  });
});

describe('the name of a variable for one environment', () => {
  it('is in capitals, with _ for what a variable cannot have', () => {
    expect(ownVariable('CONNECTORCTL_USER_SECRET', 'prod.eu-10_b')).toBe('CONNECTORCTL_USER_SECRET_PROD_EU_10_B');
  });

  it.each([
    ['previous', 'CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS', undefined],
    ['prod', 'CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS_PROD', 'previous-prod'],
    ['PROD', 'CONNECTORCTL_SECRETS_PROD', 'prod'],
  ])('of %s is not taken for its own when it may be meant otherwise: %s', (name, variable, other) => {
    const environments = ['prod', 'PROD', 'previous', 'previous-prod'];
    const set = { [variable]: 'x' };
    const rest = name === 'prod' ? environments.filter((one) => one !== 'PROD') : environments;
    expect(findSharedVariable(name, { environments: rest, env: set })).toEqual({ name: variable, other });
    expect(findSharedVariable(name, { environments: rest, env: {} })).toBeUndefined();
  });
});
