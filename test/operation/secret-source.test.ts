import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Environment, SecretsProvider } from '../../src/model/environment.ts';
import { reveal } from '../../src/model/secret.ts';
import { UserError } from '../../src/model/user-error.ts';
import { chooseSecretSource } from '../../src/operation/secret-source.ts';
import { startVault, type VaultWorld } from '../support/fake-vault.ts';

const sopsFolder = path.join(import.meta.dirname, '../secret/sops');
const sopsFile = (name: string): string => readFileSync(path.join(sopsFolder, name), 'utf8');
const identity = sopsFile('test-identity.txt');

function aFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

interface Asked {
  readonly secrets?: SecretsProvider;
  readonly env?: Readonly<Record<string, string>>;
  readonly directory?: string;
  readonly platform?: Environment['platform'];
  readonly waits?: number[];
}

function sourceOf({ secrets, env = {}, directory = '/nowhere', platform = 'remote', waits = [] }: Asked) {
  const limits = { maxDelete: 5, maxDeletePercent: 30, maxChangePercent: 100, maxTagLength: 255 };
  const environment: Environment = { name: 'prod', platform, secrets, vars: {}, prune: false, limits };
  const sleep = (milliseconds: number) => Promise.resolve(void waits.push(milliseconds));
  return chooseSecretSource({ workspace: { directory }, environment }, { env, sleep });
}

/** The value, `undefined`, or `CODE: words` of the error. */
async function ask(asked: Asked, name: string): Promise<string | undefined> {
  try {
    const secret = await sourceOf(asked).read(name);
    return secret === undefined ? undefined : reveal(secret);
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${error.message} ${error.hint ?? ''}`;
    throw error;
  }
}

/** What is known of a folder of secrets once one of them was asked for. */
async function openedOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const source = sourceOf({ directory: aFolder(files), secrets: { kind: 'directory', directory: 'run' } });
  expect(source.opened?.()).toEqual([]);
  await source.read('A');
  return (source.opened?.() ?? []).map((secret) => reveal(secret)).toSorted();
}

describe('what is set in the process environment', () => {
  it('counts first, then the bundle, then the place that the environment names', async () => {
    const directory = aFolder({ 'run/A': 'file a', 'run/B': 'file b', 'run/C': 'file c\n' });
    const asked: Asked = {
      directory,
      secrets: { kind: 'directory', directory: 'run' },
      env: { CONNECTORCTL_SECRET_A: 'variable a', CONNECTORCTL_SECRETS: '{"A": "bundle a", "B": "bundle b", "N": 7}' },
    };
    expect(await ask(asked, 'A')).toBe('variable a');
    expect(await ask(asked, 'B')).toBe('bundle b');
    expect(await ask(asked, 'C')).toBe('file c');
    expect(await ask(asked, 'N')).toBe('7');
    expect(await ask(asked, 'D')).toBeUndefined();
    expect(await sourceOf(asked).list?.()).toEqual(['A', 'B', 'C', 'N']);
    expect(sourceOf(asked).describe('D')).toBe('the file run/D');
  });

  it('is known for hiding with all that stands beside it, but not what no folder of secrets holds', async () => {
    expect(await openedOf({ 'run/A': 'file a', 'run/B': 'file b\n', 'run/..c': 'no name' })).toEqual([
      'file a',
      'file b',
    ]);
    expect(await openedOf({ 'run/A': 'a', 'run/B': 'b'.repeat(600_000), 'run/C': 'c'.repeat(600_000) })).toEqual([]);
  });

  it.each([
    ['{"PEM": "a\\nb"}', 'PEM', 'a\nb'],
    ['# all of it\nexport PEM="a\\nb"\nOTHER=1', 'PEM', 'a\nb'],
    ["RAW='a\\nb'", 'RAW', String.raw`a\nb`],
    ['PLAIN=a=b#c', 'PLAIN', 'a=b#c'],
    ['EMPTY=', 'EMPTY', ''],
    ['{"ACCOUNT": 12345678901234567890}', 'ACCOUNT', '12345678901234567890'],
    ['{"PIN": 0.10}', 'PIN', '0.10'],
    ['{"NONE": null}', 'NONE', undefined],
    ['{"KEY": {"id": 9007199254740993, "on": true}}', 'KEY', '{"id":9007199254740993,"on":true}'],
  ])('may be one text that holds many: %s', async (text, name, value) => {
    expect(await ask({ env: { CONNECTORCTL_SECRETS: text } }, name)).toBe(value);
  });

  it.each(['{"A": ', '["A"]', 'no entry', '{}}'])(
    'is refused as a bundle when it is neither JSON nor dotenv: %s',
    async (text) => {
      const answer = await ask({ env: { CONNECTORCTL_SECRETS: text } }, 'A');
      expect(answer).toMatch(/^bad-secrets-bundle: .*secrets\.CONNECTORCTL_SECRETS/s);
      expect(answer).not.toContain(text);
    },
  );

  it('says where a new secret is set', () => {
    const sources = [
      sourceOf({}),
      sourceOf({ env: { CONNECTORCTL_SECRETS: '{}' } }),
      sourceOf({ secrets: { kind: 'sops', file: 's/prod.sops.yaml' } }),
      sourceOf({ secrets: { kind: 'vault', mount: 'kv', path: 'a/b' } }),
    ];
    expect(sources.map((source) => source.describe('A'))).toEqual([
      'the environment variable CONNECTORCTL_SECRET_A',
      '`A` in CONNECTORCTL_SECRETS',
      '`A` in s/prod.sops.yaml, with `sops edit s/prod.sops.yaml`',
      '`A` of the secret kv/a/b in Vault',
    ]);
  });
});

function aSopsFolder(): string {
  return aFolder({ 'prod.sops.yaml': sopsFile('comments.enc.yaml'), key: identity });
}

describe('a SOPS file', () => {
  const secrets: SecretsProvider = { kind: 'sops', file: 'prod.sops.yaml' };

  it('is opened with the identity of the process environment, or with that of a file', async () => {
    expect(await ask({ secrets, directory: aSopsFolder(), env: { SOPS_AGE_KEY: identity } }, 'lorem')).toBe('ipsum');
    const place = aSopsFolder();
    expect(await ask({ secrets, directory: place, env: { SOPS_AGE_KEY_FILE: path.join(place, 'key') } }, 'dolor')).toBe(
      'sit',
    );
    expect(await ask({ secrets, directory: place, env: { SOPS_AGE_KEY: identity } }, 'nothing')).toBeUndefined();
  });

  it('is not opened as long as the process environment sets all that is asked for', async () => {
    expect(await ask({ secrets, env: { CONNECTORCTL_SECRET_lorem: 'set' } }, 'lorem')).toBe('set');
  });

  it('names what stands in the way', async () => {
    const env = { SOPS_AGE_KEY: identity };
    expect(await ask({ secrets, directory: aSopsFolder() }, 'lorem')).toMatch(/^sops-no-identity: .*SOPS_AGE_KEY_FILE/);
    expect(
      await ask({ secrets, directory: aSopsFolder(), env: { SOPS_AGE_KEY_FILE: '/nowhere/key' } }, 'lorem'),
    ).toMatch(/^sops-no-identity: /);
    expect(await ask({ secrets, directory: aFolder(), env }, 'lorem')).toMatch(
      /^secrets-file: .*prod\.sops\.yaml: There is no such file/,
    );
    expect(await ask({ secrets: { kind: 'sops', file: '../x.yaml' }, directory: aFolder(), env }, 'lorem')).toMatch(
      /^secrets-file: /,
    );
    const altered = sopsFile('comments.enc.yaml').replace('PhmSdTs', 'QhmSdTs');
    const changed = aFolder({ 'prod.sops.yaml': altered });
    expect(await ask({ secrets, directory: changed, env }, 'dolor')).toMatch(/^sops-altered: .*sops edit/s);
  });

  it('is not read through a link that leads out of the workspace', async () => {
    const outside = aFolder({ 'prod.sops.yaml': sopsFile('comments.enc.yaml') });
    const place = aFolder();
    symlinkSync(path.join(outside, 'prod.sops.yaml'), path.join(place, 'prod.sops.yaml'));
    expect(await ask({ secrets, directory: place, env: { SOPS_AGE_KEY: identity } }, 'lorem')).toMatch(
      /^secrets-file: .*outside/,
    );
  });

  it('hides all that it holds, asked for or not', async () => {
    const source = sourceOf({ secrets, directory: aSopsFolder(), env: { SOPS_AGE_KEY: identity } });
    await source.read('lorem');
    expect(source.opened?.().map((secret) => reveal(secret))).toEqual(expect.arrayContaining(['ipsum', 'sit']));
  });
});

describe('a folder of secrets', () => {
  it('may be mounted by links, and is read file by file', async () => {
    const place = aFolder({ '..data/A': 'a', 'B/c': 'a folder' });
    symlinkSync('..data/A', path.join(place, 'A'));
    const asked: Asked = { secrets: { kind: 'directory', directory: place } };
    expect(await ask(asked, 'A')).toBe('a');
    expect(await ask(asked, 'C')).toBeUndefined();
    expect(await ask(asked, 'B')).toMatch(/^secrets-directory: /);
  });

  it.each(['../other', 'link', '/run/../proc/self', '//proc/self', 'processes', '.git', 'sub/../.git'])(
    'is not one that a pull request points at the files of the machine: %s',
    async (directory) => {
      const other = aFolder({ environ: 'canary' });
      const place = aFolder({ '.git/environ': 'canary', 'sub/x': '' });
      symlinkSync(other, path.join(place, 'link'));
      symlinkSync('/proc/self', path.join(place, 'processes'));
      const named = directory === '../other' ? path.join('..', path.basename(other)) : directory;
      const asked: Asked = { directory: place, secrets: { kind: 'directory', directory: named } };
      expect(await ask(asked, 'environ')).toMatch(/^secrets-directory: /);
      await expect(sourceOf(asked).list?.()).rejects.toMatchObject({ code: 'secrets-directory' });
    },
  );

  it.each(['.ssh', '.gnupg', '.aws/sso', '.config/gh', '.kube'])(
    'is not where another program keeps the keys of a person: %s',
    async (folder) => {
      const home = aFolder({ [`${folder}/id_rsa`]: 'canary' });
      const place = aFolder({ 'sub/x': '' });
      symlinkSync(path.join(home, folder), path.join(place, 'link'));
      for (const directory of [path.join(home, folder), 'link']) {
        const asked: Asked = { directory: place, secrets: { kind: 'directory', directory } };
        expect(await ask(asked, 'id_rsa')).toMatch(/^secrets-directory: /);
        await expect(sourceOf(asked).list?.()).rejects.toMatchObject({ code: 'secrets-directory' });
      }
    },
  );

  it('holds no link that leads out of it', async () => {
    const outside = aFolder({ key: 'canary' });
    const place = aFolder({ 's/A': 'a' });
    symlinkSync(path.join(outside, 'key'), path.join(place, 's/B'));
    const asked: Asked = { directory: place, secrets: { kind: 'directory', directory: 's' } };
    expect(await ask(asked, 'A')).toBe('a');
    expect(await ask(asked, 'B')).toMatch(/^secrets-directory: .*leads out/);
  });
});

const kv: VaultWorld['secrets'] = { 'kv/data/team/prod': { data: { A: 'alpha', N: 7 } } };
const vault: SecretsProvider = { kind: 'vault', mount: 'kv', path: 'team/prod' };

async function withVault(
  world: Partial<VaultWorld>,
  env: Readonly<Record<string, string>> = {},
  name = 'A',
  provider = vault,
) {
  const server = await startVault({
    secrets: kv,
    tokens: new Map([['good', ['kv/data/team/prod', 'kv/data/gone']]]),
    ...world,
  });
  onTestFinished(() => server.close());
  const waits: number[] = [];
  const given = { VAULT_ADDR: server.address, VAULT_TOKEN: 'good', ...env };
  const answer = await ask(
    { secrets: provider, env: Object.fromEntries(Object.entries(given).filter(([, text]) => text !== '')), waits },
    name,
  );
  return { answer, requests: server.requests, waits };
}

interface VaultCase {
  readonly code: string;
  readonly words: RegExp;
  readonly world?: Partial<VaultWorld>;
  readonly env?: Readonly<Record<string, string>>;
  readonly at?: string;
}

describe('Vault', () => {
  it('gives all keys of one secret in one request', async () => {
    expect(await withVault({})).toMatchObject({ answer: 'alpha', requests: ['GET /v1/kv/data/team/prod'] });
    expect((await withVault({}, {}, 'N')).answer).toBe('7');
    expect((await withVault({}, {}, 'B')).answer).toBeUndefined();
    expect((await withVault({ namespace: 'acme' }, { VAULT_NAMESPACE: 'acme' })).answer).toBe('alpha');
  });

  it('lets a job of GitHub in by its token, which is given back afterwards', async () => {
    const login = { role: 'apply', jwt: 'jwt for acme', token: 'short', paths: ['kv/data/team/prod'] };
    const tokens = new Map<string, readonly string[]>();
    const server = await startVault({ secrets: kv, tokens, login });
    onTestFinished(() => server.close());
    const env = {
      BAO_ADDR: `${server.address}/`,
      BAO_ROLE: 'apply',
      VAULT_AUDIENCE: 'acme',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${server.address}/oidc?x=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    };
    expect(await ask({ secrets: vault, env }, 'A')).toBe('alpha');
    expect(server.requests).toEqual([
      'GET /oidc?x=1&audience=acme',
      'POST /v1/auth/jwt/login',
      'GET /v1/kv/data/team/prod',
      'POST /v1/auth/token/revoke-self',
    ]);
    expect(tokens.size).toBe(0);
    const refused = await ask({ secrets: vault, env: { ...env, VAULT_AUDIENCE: 'other' } }, 'A');
    expect(refused).toMatch(/^vault-login-refused: .*role `apply`.*bound_audiences/s);
    expect(refused).not.toMatch(/jwt for|request-token/);
  });

  it.each<VaultCase>([
    { code: 'vault-no-address', words: /VAULT_ADDR=https/, env: { VAULT_ADDR: '' } },
    { code: 'vault-bad-address', words: /https/, env: { VAULT_ADDR: 'http://vault.example.com' } },
    { code: 'vault-bad-address', words: /https/, env: { VAULT_ADDR: 'https://user:pass@vault.example.com' } },
    { code: 'vault-no-login', words: /id-token: write/, env: { VAULT_TOKEN: '' } },
    { code: 'vault-no-oidc', words: /id-token: write/, env: { VAULT_TOKEN: '', VAULT_ROLE: 'apply' } },
    { code: 'vault-bad-token', words: /line breaks/, env: { VAULT_TOKEN: 'a b' } },
    { code: 'vault-unreachable', words: /refused/, env: { VAULT_ADDR: 'http://127.0.0.1:1' } },
    { code: 'vault-sealed', words: /unseal/, world: { isSealed: true } },
    {
      code: 'vault-sealed',
      words: /not initialised/,
      world: { first: [[503, { errors: ['server is not yet initialized'] }]] },
    },
    { code: 'vault-token-refused', words: /expired/, env: { VAULT_TOKEN: 'old' } },
    { code: 'vault-token-refused', words: /VAULT_NAMESPACE/, world: { namespace: 'acme' } },
    { code: 'vault-forbidden', words: /kv\/data\/other/, at: 'other' },
    {
      code: 'vault-not-found',
      words: /no `data\/`/,
      world: { tokens: new Map([['good', ['kv/data/none']]]) },
      at: 'none',
    },
    {
      code: 'vault-deleted',
      words: /2026-11-01/,
      world: { secrets: { 'kv/data/gone': { data: null, deletionTime: '2026-11-01T00:00:00Z' } } },
      at: 'gone',
    },
    {
      code: 'vault-destroyed',
      words: /again/,
      world: { secrets: { 'kv/data/gone': { data: null, isDestroyed: true } } },
      at: 'gone',
    },
    { code: 'vault-not-kv2', words: /version 2/, world: { first: [[200, { data: { A: 'plain' } }]] } },
    { code: 'vault-not-kv2', words: /version 2/, world: { first: [[200, '<html>']] } },
    {
      code: 'vault-redirect',
      words: /active server/,
      world: { first: [[307, '', { location: 'https://evil.example' }]] },
    },
    { code: 'vault-refused', words: /HTTP 400/, world: { first: [[400, { errors: ['canary-text'] }]] } },
    {
      code: 'vault-failed',
      words: /HTTP 500/,
      world: {
        first: [
          [500, ''],
          [500, ''],
          [500, ''],
          [500, ''],
        ],
      },
    },
    {
      code: 'vault-rate-limit',
      words: /429/,
      world: {
        first: [
          [429, ''],
          [429, ''],
          [429, ''],
          [429, ''],
        ],
      },
    },
  ])('says what is wrong: $code, $words', async ({ code, words, world = {}, env = {}, at = 'team/prod' }) => {
    const { answer } = await withVault(world, env, 'A', { ...vault, path: at });
    expect(answer?.split(':')[0]).toBe(code);
    expect(answer).toMatch(words);
    expect(answer).not.toMatch(/alpha|user:pass|canary-text/);
  });

  it('is asked again where that may help, no sooner than it says', async () => {
    const { answer, waits } = await withVault({
      first: [
        [429, '', { 'retry-after': '3' }],
        [412, { errors: ['required index state not present'] }],
        [502, 'bad gateway'],
      ],
    });
    expect({ answer, waits }).toEqual({ answer: 'alpha', waits: [3_000, 1_000, 2_000] });
  });
});
