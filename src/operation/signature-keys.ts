import type { CallbackLogin } from '../events/check-signature.ts';
import { hasErrors } from '../model/diagnostic.ts';
import { Secret } from '../model/secret.ts';
import { readOwner } from '../tags/owner-tags.ts';
import { UserError } from '../model/user-error.ts';
import { checkOnly } from './check-selection.ts';
import { endUnloaded, loadDefinitions } from './load-definitions.ts';
import { resolveEach } from './resolve-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import type { OperationResult } from './result.ts';

const signatureKey = 'event.notification.signature.key';

/** The signature keys of an environment. */
export interface SignatureKeys {
  /** Of each definition that has one. */
  readonly byDefinition: ReadonlyMap<string, Secret>;
  /** What the callback of a definition asks for; undefined when it asks for nothing. */
  readonly loginOf: (key: string) => CallbackLogin | undefined;
  /** Key of the definition of this environment to which the tags of an instance point; undefined when it is of another one, or of nobody. */
  readonly definitionOf: (tags: readonly string[]) => string | undefined;
}

/**
 * Reads the signature keys from the definitions of an environment. Asks the platform nothing.
 * Throws a UserError when the definition that is named is not there or has none, or when no definition has one.
 * @param keyFrom key of the only definition to take it from
 */
export async function readSignatureKeys(
  ports: OperationPorts,
  target: OperationTarget,
  keyFrom: string | undefined,
): Promise<SignatureKeys | { readonly result: OperationResult }> {
  const keys = await readCallbackSecrets(ports, target, keyFrom);
  if ('byDefinition' in keys && keys.byDefinition.size === 0) throw noKey(keyFrom, keys.environment);
  return keys;
}

/** The same, also where no definition has a signature key. */
export async function readCallbackSecrets(
  ports: OperationPorts,
  target: OperationTarget,
  keyFrom: string | undefined,
): Promise<(SignatureKeys & { readonly environment: string }) | { readonly result: OperationResult }> {
  const loading = await loadDefinitions(ports, target, { unsetBlocks: true });
  if (!loading.ok) return { result: endUnloaded(loading.diagnostics, ports, target) };
  const { diagnostics, environment, files, workspace } = loading.value;
  if (hasErrors(diagnostics)) {
    return { result: { kind: 'checked', diagnostics, files: files.length, directory: workspace.directory } };
  }
  const { values, blocked } = resolveEach(loading.value);
  const all = [...values, ...blocked];
  checkOnly({ only: keyFrom === undefined ? undefined : [keyFrom] }, all, environment.name);
  const byDefinition = new Map(
    all.flatMap(({ key, configuration }): readonly (readonly [string, Secret])[] => {
      if (keyFrom !== undefined && key !== keyFrom) return [];
      const value = configuration.get(signatureKey);
      if (value instanceof Secret) return value.isEmpty ? [] : [[key, value]];
      return typeof value === 'string' && value !== '' ? [[key, new Secret(value, signatureKey)]] : [];
    }),
  );
  for (const key of byDefinition.values()) ports.secretRead?.(key);
  const loginOf = (key: string): CallbackLogin | undefined => {
    const configuration = all.find((one) => one.key === key)?.configuration;
    const [user, password = ''] = ['username', 'password'].map((name) => {
      const value = configuration?.get(`event.notification.basic.${name}`);
      return value instanceof Secret || typeof value === 'string' ? value : undefined;
    });
    return user === undefined || user === '' ? undefined : { user, password };
  };
  return {
    environment: environment.name,
    byDefinition,
    loginOf,
    definitionOf: (tags) => {
      const owner = readOwner(tags);
      const isOurs =
        typeof owner === 'object' && owner.workspace === workspace.name && owner.environment === environment.name;
      return isOurs ? owner.key : undefined;
    },
  };
}

function noKey(key: string | undefined, environment: string): UserError {
  const who =
    key === undefined ? `No definition of the environment ${environment} has a` : `The definition ${key} has no`;
  return new UserError('no-signature-key', `${who} signature key that is set.`, {
    kind: 'invalid',
    hint: `Without one, whoever knows the address can send notifications. Set one in the configuration:\n  ${signatureKey}: \${{ secrets.EVENT_SIGNATURE_KEY }}`,
  });
}
