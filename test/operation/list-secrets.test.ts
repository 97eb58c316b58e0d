import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSecrets } from '../../src/operation/list-secrets.ts';
import { exitCode } from '../../src/operation/exit-code.ts';
import { validate } from '../../src/operation/validate.ts';
import { renderSecretList } from '../../src/report/secrets/render-secret-list.ts';
import { expectGolden } from '../support/golden.ts';
import { operationPorts } from '../support/operation-ports.ts';
import { openRig } from '../support/rig.ts';

const sops = (name: string): string => readFileSync(path.join(import.meta.dirname, '../secret/sops', name), 'utf8');
const identity = { SOPS_AGE_KEY: sops('test-identity.txt') };

const workspace = `version: 1
workspace: acme
defaultEnvironment: prod
environments:
  prod:
    baseUrl: https://api.cloud-elements.com
    secrets: { file: secrets/prod.sops.yaml }
  vault:
    baseUrl: https://api.cloud-elements.com
    secrets: { vault: { mount: kv, path: team/prod } }
`;

const basic = (name: string, password: string, more = ''): string =>
  `connector: actessentials\nname: ${name}\nconfiguration:\n  username: me\n  password: \${{ secrets.${password} }}\n${more}`;

const files = {
  'connectorctl.yaml': workspace,
  'secrets/prod.sops.yaml': sops('comments.enc.yaml'),
  'instances/crm.yaml': basic('CRM', 'lorem'),
  'instances/erp.yaml': basic('ERP', 'ERP_PASSWORD'),
  'instances/erp-2.yaml': basic('ERP 2', 'ERP_PASSWORD', 'providerData:\n  code: ${{ secrets.ERP_CODE }}\n'),
  'instances/elsewhere.yaml': basic('Elsewhere', 'ELSEWHERE', 'environments: [vault]\n'),
  'instances/overridden.yaml': basic(
    'Overridden',
    'NEVER_READ',
    'overrides:\n  prod:\n    configuration:\n      password: ${{ secrets.lorem }}\n',
  ),
};

async function list(env: Readonly<Record<string, string>>, isCheck = false, environmentName = 'prod') {
  const { directory } = openRig(files);
  const result = await listSecrets(operationPorts({ cwd: directory, env }), { environmentName }, { isCheck });
  const secrets = result.kind === 'secrets' ? result.secrets : result.kind;
  return { result, secrets, code: exitCode(result) };
}

describe('the list of secrets', () => {
  it('says which definitions of the environment need each, what is set, and what is not used', async () => {
    const { result, secrets, code } = await list({
      ...identity,
      CONNECTORCTL_SECRET_SPARE: 'x',
      CONNECTORCTL_SECRET_ERP_CODE: '',
    });
    expect(secrets).toMatchObject([
      { name: 'ERP_CODE', status: 'waiting', definitions: ['erp-2'] },
      { name: 'ERP_PASSWORD', status: 'unset', definitions: ['erp', 'erp-2'] },
      { name: 'lorem', status: 'set', definitions: ['crm', 'overridden'] },
      { name: 'SPARE', status: 'unused' },
      { name: 'dolor', status: 'unused' },
    ]);
    expect(code).toBe(0);
    expect(JSON.stringify(result)).not.toMatch(/ipsum|sit"|AGE-SECRET/);
    if (result.kind !== 'secrets') throw new Error(result.kind);
    expectGolden('secrets/list.txt', renderSecretList(result, { color: false, width: 80 }));
    expectGolden('secrets/list-narrow.txt', renderSecretList(result, { color: false, width: 40 }));
  });

  it('fails as a check for what definitions need, and not for a grant that only a person can give', async () => {
    expect((await list(identity, true)).code).toBe(3);
    expect(await list({ ...identity, CONNECTORCTL_SECRET_ERP_PASSWORD: '' }, true)).toMatchObject({ code: 3 });
    expect(await list({ ...identity, CONNECTORCTL_SECRET_ERP_PASSWORD: 'set' }, true)).toMatchObject({ code: 0 });
  });

  it('says at its place in the workspace file why the place for secrets cannot be opened', async () => {
    const { result, code } = await list({});
    expect(code).toBe(3);
    expect(result.diagnostics).toMatchObject([
      { code: 'sops-no-identity', severity: 'error', at: { file: 'connectorctl.yaml', line: 7 } },
    ]);
  });
});

describe('validate', () => {
  it('opens a file, and asks no server', async () => {
    const { directory } = openRig(files);
    const codesOf = async (environmentName: string, env: Readonly<Record<string, string>>) => {
      const { diagnostics } = await validate(operationPorts({ cwd: directory, env }), { environmentName }, {});
      return diagnostics.map(({ code }) => code);
    };
    expect(await codesOf('prod', identity)).toContain('unset-reference');
    expect(await codesOf('vault', {})).toEqual([]);
  });
});
