import type { Environment, Workspace } from '../model/environment.ts';
import {
  findSharedVariable,
  type GeneralVariable,
  generalVariables,
  isSet,
  ownVariable,
  variableFor,
} from '../model/own-variables.ts';
import { Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import type { OperationPorts } from './operation-ports.ts';

type CredentialPorts = Pick<OperationPorts, 'env'>;

/** What a platform account is opened with. */
interface Credentials {
  readonly userSecret: Secret;
  readonly organizationSecret: Secret;
}

/** The environment that is asked for, and the others, as their variables must not be taken for its own. */
interface CredentialPlace {
  readonly workspace: Pick<Workspace, 'environments'>;
  readonly environment: Pick<Environment, 'name'>;
}

/**
 * The credentials of a run: those of the environment when one of the two is set, else those for all.
 * Throws a UserError when one is not set, as half a pair of the one and half of the other would be those of two accounts.
 */
export function readCredentials({ workspace, environment }: CredentialPlace, ports: CredentialPorts): Credentials {
  checkOwnVariables({ workspace, environment }, ports);
  const { name } = environment;
  const { userSecret, organizationSecret } = findCredentials(name, ports);
  const missing = [userSecret, organizationSecret].filter(({ isEmpty }) => isEmpty).map(({ origin }) => origin);
  if (missing.length === 0) return { userSecret, organizationSecret };
  if (hasOwn(name, ports)) throw halfPair(name, { userSecret, organizationSecret });
  const what = `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set.`;
  const message = missing.length > 1 ? `This run has no credentials: ${what}` : what;
  throw new UserError('missing-credentials', message, {
    kind: 'invalid',
    hint: `Nothing was sent. Environment ${name} needs the user secret and the organization secret of a service user, as environment variables; a workflow passes them to the step with \`env:\`. The platform's console shows both. Where environments have accounts of their own, ${ownVariable(generalVariables.userSecret, name)} and ${ownVariable(generalVariables.organizationSecret, name)} are for this one alone.`,
  });
}

/** Throws a UserError when a variable that is set may be meant for this environment and for another one. */
export function checkOwnVariables(
  { workspace, environment: { name } }: CredentialPlace,
  { env }: CredentialPorts,
): void {
  const shared = findSharedVariable(name, { environments: workspace.environments.keys(), env });
  if (shared === undefined) return;
  const { other } = shared;
  const message =
    other === undefined
      ? `${shared.name} is set, which is a variable for all environments and that of the environment ${name} too.`
      : `${shared.name} is set, and both the environment ${name} and the environment ${other} would take it for its own.`;
  throw new UserError('shared-variable', message, {
    kind: 'invalid',
    hint: `Nothing was sent. Run the environments one by one with the variables for all, such as ${generalVariables.userSecret}; or give one of them another name, with \`renamedFrom\` in the workspace file.`,
  });
}

/** Whether a run has no credentials although its environment needs them. Then it has no other secret either, most likely: one sentence says it all. */
export function lacksCredentials({ platform, name }: Environment, ports: CredentialPorts): boolean {
  const { userSecret, organizationSecret } = findCredentials(name, ports);
  return platform !== 'sandbox' && userSecret.isEmpty && organizationSecret.isEmpty;
}

/** The secret of a variable of the environment, or of that for all; empty when neither is set. */
export function readOwnSecret(general: GeneralVariable, environment: string, { env }: CredentialPorts): Secret {
  return readSecret(variableFor(general, environment, env), env);
}

/** The secrets of the variable of the environment and of that for all; those that are set. */
export function readBothSecrets(
  general: GeneralVariable,
  environment: string,
  { env }: CredentialPorts,
): readonly Secret[] {
  return [ownVariable(general, environment), general]
    .filter((name) => isSet(env, name))
    .map((name) => readSecret(name, env));
}

function findCredentials(environment: string, ports: CredentialPorts): Credentials {
  const nameOf = (general: GeneralVariable): string =>
    hasOwn(environment, ports) ? ownVariable(general, environment) : general;
  return {
    userSecret: readSecret(nameOf(generalVariables.userSecret), ports.env),
    organizationSecret: readSecret(nameOf(generalVariables.organizationSecret), ports.env),
  };
}

/** Whether the environment has credentials of its own, or half of them. */
function hasOwn(environment: string, { env }: CredentialPorts): boolean {
  return [generalVariables.userSecret, generalVariables.organizationSecret].some((general) =>
    isSet(env, ownVariable(general, environment)),
  );
}

function halfPair(environment: string, { userSecret, organizationSecret }: Credentials): UserError {
  const [missing, set] = userSecret.isEmpty ? [userSecret, organizationSecret] : [organizationSecret, userSecret];
  return new UserError('missing-credentials', `${missing.origin} is not set, and ${set.origin} is.`, {
    kind: 'invalid',
    hint: `Nothing was sent. The two belong to one account: set both for environment ${environment}, or neither to use ${generalVariables.userSecret} and ${generalVariables.organizationSecret}.`,
  });
}

function readSecret(name: string, env: CredentialPorts['env']): Secret {
  return new Secret(env[name] ?? '', name);
}
