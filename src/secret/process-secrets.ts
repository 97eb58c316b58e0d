import { decodePercents } from '../model/respelling.ts';
import { generalVariables, type ProcessVariables, secretOfVariable } from '../model/own-variables.ts';
import { Secret } from '../model/secret.ts';
import { isBundleText, readSecretText } from './secret-text.ts';

/** Of our own, whatever stands between: an environment may have credentials of its own. */
const ownNames = /^CONNECTORCTL_(?:.+_)?(?:SECRETS?|KEY|TOKEN|PASSWORD)(?:_.+)?$/;

/** Of others: what a runner, a registry or a vault gives a process. */
const otherNames: ReadonlySet<string> = new Set([
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'INPUT_TOKEN',
  'INPUT_GITHUB-TOKEN',
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'NODE_AUTH_TOKEN',
  'NPM_TOKEN',
  'SOPS_AGE_KEY',
  'VAULT_TOKEN',
  'BAO_TOKEN',
]);

const proxyName = /^(?:https?|all)_proxy$/i;

/** Shorter ones are no secrets, and would hide every text. */
const shortest = 4;

/**
 * Every secret that the process was given, whether a definition names it or not: what a platform repeats in a name was sent by somebody once.
 * For hiding only, never for sending.
 */
export function processSecrets(env: ProcessVariables): readonly Secret[] {
  const named = Object.entries(env).flatMap(([name, text]) => secretsOf(name, text ?? ''));
  return named.filter((secret) => isWorthHiding(secret));
}

const tooShort = new RegExp(`^\\s*$|^.{0,${shortest - 1}}$`);

/** Whether it is long enough to be a secret. */
export function isWorthHiding(secret: Secret): boolean {
  return !secret.matches(tooShort);
}

/** A shorter text is the same as a secret by chance. */
const shortestKnown = 6;

/** Name that a definition gives the secret that a text is equal to; undefined when it is none. */
export function nameOfSecret(env: ProcessVariables, value: string | Secret): string | undefined {
  if (isTooShort(value)) return undefined;
  return namedSecrets(env).find(([, text]) => new Secret(text, 'secret').equals(value))?.[0];
}

/** The same among secrets that were read, by name. */
export function nameAmong(named: ReadonlyMap<string, Secret>, value: string | Secret): string | undefined {
  return isTooShort(value) ? undefined : [...named].find(([, secret]) => secret.equals(value))?.[0];
}

function isTooShort(value: string | Secret): boolean {
  return typeof value === 'string' ? value.length < shortestKnown : value.matches(/^.{0,5}$/);
}

/** Secrets of the process by the name that definitions give them. */
function namedSecrets(env: ProcessVariables): readonly (readonly [name: string, text: string])[] {
  const single = Object.entries(env).flatMap(([variable, text = '']) => {
    const name = secretOfVariable(variable);
    return name === undefined ? [] : [[name, text] as const];
  });
  const bundled = Object.entries(env).flatMap(([name, text = '']) => (isBundle(name) ? readSecretText(text) : []));
  return [...single, ...bundled];
}

function secretsOf(name: string, text: string): readonly Secret[] {
  if (isBundle(name)) return [...unreadBundle(text, name), ...listMany(text, name)];
  if (ownNames.test(name) || otherNames.has(name)) return [new Secret(text, originOf(name))];
  return proxyName.test(name) ? proxyPasswords(name, text) : [];
}

/** `CONNECTORCTL_SECRETS`, or that of one environment. */
function isBundle(name: string): boolean {
  return name === generalVariables.bundle || name.startsWith(`${generalVariables.bundle}_`);
}

function originOf(name: string): string {
  const secret = secretOfVariable(name);
  return secret === undefined ? name : `secrets.${secret}`;
}

/** A bundle of which not all is known to be names and values. One that was read is not hidden as a whole: its names are words that keys and connectors have too. */
function unreadBundle(text: string, name: string): readonly Secret[] {
  return isBundleText(text) ? [] : [new Secret(text, name)];
}

/** One variable that holds many: a JSON object, or lines of `NAME=value`. */
function listMany(text: string, name: string): readonly Secret[] {
  return readSecretText(text).map(([key, value]) => new Secret(value, `secrets.${key} of ${name}`));
}

/** What logs in at a proxy, as it is written and as it is meant: the password, or a token in its place. The scheme may be left out (`normalizeProxy`). */
function proxyPasswords(name: string, text: string): readonly Secret[] {
  const [, user = '', password = user] = /^(?:[a-z]+:\/\/)?([^/?#:]*)(?::([^/?#]*))?@/i.exec(text) ?? [];
  return [...new Set([password, decodePercents(password)])].map((one) => new Secret(one, name));
}
