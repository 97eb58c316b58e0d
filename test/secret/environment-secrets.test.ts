import { describe, expect, it } from 'vitest';

import { reveal } from '../../src/model/secret.ts';
import { environmentSecrets, madeUpSecrets } from '../../src/secret/environment-secrets.ts';

describe('environmentSecrets', () => {
  const source = environmentSecrets({
    CONNECTORCTL_SECRET_A: ' hunter2\n',
    CONNECTORCTL_SECRET_EMPTY: '',
    CONNECTORCTL_SECRET_UNSET: undefined,
    PATH: '/bin',
  });

  it('reads a secret as it is, never trimmed', async () => {
    const secret = await source.read('A');
    expect(secret?.equals(' hunter2\n')).toBe(true);
    expect(secret?.origin).toBe('secrets.A');
  });

  it('tells an empty secret from one that is not set', async () => {
    expect((await source.read('EMPTY'))?.isEmpty).toBe(true);
    expect(await source.read('UNSET')).toBe(undefined);
  });

  it('reads no other variable', async () => {
    for (const name of ['PATH', 'B', '../PATH', '']) expect(await source.read(name)).toBe(undefined);
    expect(await environmentSecrets({}).read('toString')).toBe(undefined);
  });

  it('says where a secret would be set', () => {
    expect(source.describe('A')).toBe('the environment variable CONNECTORCTL_SECRET_A');
  });
});

describe('madeUpSecrets', () => {
  it('makes up what is not set or empty, the same every time, and tells which', async () => {
    const source = madeUpSecrets(environmentSecrets({ CONNECTORCTL_SECRET_A: 'real', CONNECTORCTL_SECRET_E: '' }));
    expect((await source.read('A'))?.equals('real')).toBe(true);
    const [made, again, other] = [
      await source.read('SHAREFILE_CODE'),
      await source.read('SHAREFILE_CODE'),
      await source.read('E'),
    ].map((secret) => secret && reveal(secret));
    expect(made).toMatch(/^sandbox-[0-9a-f]{32}$/);
    expect(again).toBe(made);
    expect(other).not.toBe(made);
    expect(source.made).toEqual(['SHAREFILE_CODE', 'E']);
    expect(source.describe('A')).toContain('CONNECTORCTL_SECRET_A');
  });
});
