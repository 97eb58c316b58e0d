import { listMountedSecrets, readMountedSecret, readNamedFile, readSecretFile } from '../disk/read-secret-file.ts';
import type { Environment, SecretsProvider, Workspace } from '../model/environment.ts';
import { generalVariables, ownVariable } from '../model/own-variables.ts';
import { Secret, type SecretSource } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { environmentSecrets, type MadeUpSecrets, madeUpSecrets } from '../secret/environment-secrets.ts';
import type { ProviderFault } from '../secret/provider-fault.ts';
import { bundledSecrets, firstOf, type HeldSecrets, heldSecrets } from '../secret/secret-sources.ts';
import { isBundleText } from '../secret/secret-text.ts';
import type { OperationPorts } from './operation-ports.ts';

/** Milliseconds for one request to Vault. */
const vaultLimit = 30_000;

type SecretsPlace = Pick<Workspace, 'directory'>;
type Ports = Pick<OperationPorts, 'env' | 'sleep'>;

/**
 * Where `${{ secrets.NAME }}` comes from in an environment (design §2): CONNECTORCTL_SECRETS_<ENVIRONMENT>, as it is for this one alone, then
 * CONNECTORCTL_SECRET_NAME, then CONNECTORCTL_SECRETS, then what the environment names. That is opened only when a secret is asked for that the process environment does not set; what is wrong with it is
 * then thrown as a UserError. Without a provider, the process environment is all there is. The sandbox needs no set-up: what is not set is made up.
 */
export function chooseSecretSource(
  { workspace, environment }: { readonly workspace: SecretsPlace; readonly environment: Environment },
  ports: Ports,
  { withProvider = true }: { readonly withProvider?: boolean } = {},
): SecretSource & Partial<MadeUpSecrets> {
  const provider = withProvider ? openProvider(workspace, environment, ports) : [];
  const sources = [
    ...openBundle(ownVariable(generalVariables.bundle, environment.name), ports),
    environmentSecrets(ports.env),
    ...openBundle(generalVariables.bundle, ports),
    ...provider,
  ];
  const last = sources.at(-1) ?? environmentSecrets(ports.env);
  const source = firstOf(sources, (name) => last.describe(name));
  return environment.platform === 'sandbox' ? madeUpSecrets(source) : source;
}

function openBundle(bundle: string, { env }: Ports): readonly SecretSource[] {
  const text = env[bundle];
  if (text === undefined || text.trim() === '') return [];
  if (!isBundleText(text)) {
    throw new UserError('bad-secrets-bundle', `${bundle} is neither a JSON object nor lines of NAME=value.`, {
      kind: 'invalid',
      hint: `Keep one secret that holds many as a JSON object, {"NAME": "value"}, and pass it on in the workflow:\n${bundle}: \${{ secrets.${bundle} }}`,
    });
  }
  return [bundledSecrets(text, bundle)];
}

function openProvider(
  { directory }: SecretsPlace,
  { name, secrets }: Environment,
  ports: Ports,
): readonly SecretSource[] {
  switch (secrets?.kind) {
    case undefined:
      return [];
    case 'sops':
      return [
        {
          ...heldSecrets(() => openSopsFile(directory, secrets, ports)),
          describe: (secret) => `\`${secret}\` in ${secrets.file}, with \`sops edit ${secrets.file}\``,
        },
      ];
    case 'directory':
      return [mountedSecrets(directory, secrets.directory)];
    case 'vault':
      return [
        {
          ...heldSecrets(() => openVault(name, secrets, ports)),
          describe: (secret) => `\`${secret}\` of the secret ${secrets.mount}/${secrets.path} in Vault`,
        },
      ];
    default:
      return secrets satisfies never;
  }
}

async function openSopsFile(
  directory: string,
  { file }: SecretsProvider & { readonly kind: 'sops' },
  ports: Ports,
): Promise<HeldSecrets> {
  const identities = readIdentities(ports);
  const found = readSecretFile(directory, file);
  if ('detail' in found) throw unusable(file, { code: 'secrets-file', detail: found.detail });
  const [{ parseSops }, { openSops }] = await Promise.all([
    import('../secret/sops/parse-sops.ts'),
    import('../secret/sops/open-sops.ts'),
  ]);
  const parsed = parseSops(file, found.text);
  if (!parsed.ok) throw unusable(file, parsed.fault);
  const opened = await openSops(parsed.file, identities);
  if (!opened.ok) throw unusable(file, opened.fault);
  return { secrets: opened.secrets, others: opened.hidden };
}

function readIdentities({ env }: Ports): Secret {
  const text = env['SOPS_AGE_KEY'];
  if (text !== undefined && text.trim() !== '') return new Secret(text, 'SOPS_AGE_KEY');
  const file = env['SOPS_AGE_KEY_FILE'];
  if (file === undefined || file.trim() === '') {
    throw new UserError('sops-no-identity', 'Neither SOPS_AGE_KEY nor SOPS_AGE_KEY_FILE is set.', {
      kind: 'invalid',
      hint: 'Set SOPS_AGE_KEY to the age identity (`AGE-SECRET-KEY-1…`), or SOPS_AGE_KEY_FILE to the file that holds it.',
    });
  }
  const found = readNamedFile(file);
  if ('detail' in found)
    throw unusable('the file that SOPS_AGE_KEY_FILE names', { code: 'sops-no-identity', detail: found.detail });
  return new Secret(found.text, 'SOPS_AGE_KEY_FILE');
}

/** @param directory of the workspace; `shown` is the folder as it is written there */
function mountedSecrets(directory: string, shown: string): SecretSource {
  let isOpen = false;
  return {
    read: (name) => {
      isOpen = true;
      const found = readMountedSecret(directory, shown, name);
      if (found === undefined) return Promise.resolve(undefined);
      if ('detail' in found)
        return Promise.reject(unusable(`${shown}/${name}`, { code: 'secrets-directory', detail: found.detail }));
      return Promise.resolve(new Secret(found.text, `secrets.${name}`));
    },
    describe: (name) => `the file ${shown}/${name}`,
    list: () => {
      const names = listMountedSecrets(directory, shown);
      return 'detail' in names
        ? Promise.reject(unusable(shown, { code: 'secrets-directory', detail: names.detail }))
        : Promise.resolve(names);
    },
    // A file that no definition names any more is a secret all the same.
    opened: () => (isOpen ? readMounted(directory, shown) : []),
  };
}

/** Kubernetes mounts no more, in UTF-16 code units. A workspace file may name a folder of quite other things, which are not read one by one. */
const mostMounted = 1024 * 1024;
const mostFiles = 1_000;

/** The secrets of a folder, as far as they can be read. */
function readMounted(directory: string, shown: string): readonly Secret[] {
  const names = listMountedSecrets(directory, shown);
  if ('detail' in names || names.length > mostFiles) return [];
  const secrets: Secret[] = [];
  let length = 0;
  for (const name of names) {
    const found = readMountedSecret(directory, shown, name);
    if (found === undefined || 'detail' in found) continue;
    length += found.text.length;
    if (length > mostMounted) return [];
    secrets.push(new Secret(found.text, `secrets.${name}`));
  }
  return secrets;
}

async function openVault(
  environment: string,
  { mount, path: at }: SecretsProvider & { readonly kind: 'vault' },
  ports: Ports,
): Promise<HeldSecrets> {
  const [{ readVault }, { readVaultSettings }, { openDispatcher, readProxySettings }, { exchange }] = await Promise.all(
    [
      import('../secret/vault/read-vault.ts'),
      import('../secret/vault/vault-settings.ts'),
      import('../http/dispatcher.ts'),
      import('../http/exchange.ts'),
    ],
  );
  const what = `Vault, for the environment ${environment},`;
  const read = readVaultSettings(ports.env);
  if (!read.ok) throw unusable(what, read.fault);
  const { settings } = read;
  const dispatcher = openDispatcher({ baseUrl: settings.address, connections: 1, proxy: readProxySettings(ports.env) });
  try {
    const answer = await readVault(
      settings,
      { mount, path: at },
      {
        send: ({ method, url, headers, body }) =>
          exchange(
            { name: { method, path: new URL(url).pathname }, url, headers, body },
            { dispatcher, limit: vaultLimit },
          ),
        sleep: ports.sleep,
      },
    );
    if (!answer.ok) throw unusable(what, answer.fault);
    return { secrets: answer.secrets };
  } finally {
    await dispatcher.destroy();
  }
}

function unusable(what: string, { code, detail, hint }: ProviderFault): UserError {
  return new UserError(code, `Secrets cannot be read from ${what}: ${detail}`, { kind: 'invalid', hint });
}
