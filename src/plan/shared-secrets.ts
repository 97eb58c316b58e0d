import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance, DesiredValue } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import { Secret } from '../model/secret.ts';
import { listAddresses } from './endpoint-keys.ts';
import { wasInForce } from './in-force.ts';
import { readOwnMemory } from './memory.ts';
import type { PlanContext } from './plan-context.ts';
import type { SecretUse, SecretUses } from './secret-use.ts';
import { findElsewhere } from './secrets-elsewhere.ts';

/** A definition that has an instance. */
interface Standing {
  readonly desired: DesiredInstance;
  readonly live: OwnedInstance;
}

/** Definitions that send a secret: the first, how many more there are, and for which other environments. */
export interface Sharers {
  readonly definitions: readonly string[];
  readonly more: number;
  readonly environments: readonly string[];
}

/** Who sends which secret today. A definition without an instance sends none yet. */
export function listSecretUses(all: readonly Standing[], context: PlanContext): SecretUses {
  const users = new Map<string, Set<Standing>>();
  for (const one of all.toSorted((a, b) => compareText(a.desired.key, b.desired.key))) {
    for (const name of namesIn(one.desired)) {
      const found = users.get(name) ?? new Set();
      users.set(name, found.add(one));
    }
  }
  return new Map([...users].map(([name, found]) => [name, describeUse(name, [...found], context)]));
}

function describeUse(name: string, users: readonly Standing[], context: PlanContext): SecretUse {
  const addresses = new Map<string, number>();
  for (const { desired } of users) {
    for (const one of new Set(addressesOf(desired, context))) addresses.set(one, (addresses.get(one) ?? 0) + 1);
  }
  let inForce: ReadonlySet<string> | undefined;
  return {
    standing: keysOf(users),
    inForce: () => (inForce ??= keysOf(users.filter((one) => isInForce(name, one, context)))),
    addresses,
  };
}

function keysOf(users: readonly Standing[]): ReadonlySet<string> {
  return new Set(users.map(({ desired }) => desired.key));
}

function isInForce(name: string, { desired, live }: Standing, context: PlanContext): boolean {
  // What was sent for a login is remembered nowhere.
  if ([...desired.providerData.values()].some((value) => referencesIn(value).includes(name))) return true;
  const memory = readOwnMemory(live, context);
  return [...desired.configuration].some(
    ([key, value]) => referencesIn(value).includes(name) && wasInForce(key, value, memory, context),
  );
}

/** So many definitions are named. */
const mostNamed = 3;

/**
 * The other definitions whose instances send a secret of this value, where this one sends it to an address that none of them has; or else those
 * that would for other environments.
 * Undefined for a value without a secret, and where no address is declared: then the connector decides.
 */
export function findSharers(
  value: DesiredValue | undefined,
  desired: DesiredInstance,
  which: 'standing' | 'inForce',
  context: PlanContext,
): Sharers | undefined {
  const names = referencesIn(value);
  if (names.length === 0) return undefined;
  const addresses = addressesOf(desired, context);
  for (const name of names) {
    const found =
      findHere(name, { desired, addresses, which }, context) ?? findThere(name, { desired, addresses }, context);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A definition that sends a secret, and where it goes. */
interface SecretSent {
  readonly desired: DesiredInstance;
  readonly addresses: readonly string[];
}

function findHere(
  name: string,
  { desired, addresses, which }: SecretSent & { readonly which: 'standing' | 'inForce' },
  context: PlanContext,
): Sharers | undefined {
  const use = context.secretUses().get(name);
  if (use === undefined) return undefined;
  const listed = which === 'standing' ? use.standing : use.inForce();
  const others = listed.size - (listed.has(desired.key) ? 1 : 0);
  if (others === 0 || listNew(addresses, desired, use).length === 0) return undefined;
  const definitions = listFirstOthers(listed, desired.key);
  return { definitions, more: others - definitions.length, environments: [] };
}

/** Addresses to which no instance of another definition sends the secret. */
function listNew(
  addresses: readonly string[],
  { key }: DesiredInstance,
  use: SecretUse | undefined,
): readonly string[] {
  const own = use?.standing.has(key) === true ? 1 : 0;
  return addresses.filter((address) => (use?.addresses.get(address) ?? 0) <= own);
}

/** What other environments hold cannot be told from here, so that whatever stands there counts as in force. */
function findThere(name: string, { desired, addresses }: SecretSent, context: PlanContext): Sharers | undefined {
  const elsewhere = context.secretsElsewhere(name);
  if (elsewhere === undefined) return undefined;
  const unknown = listNew(addresses, desired, context.secretUses().get(name));
  return findElsewhere(desired, unknown, elsewhere, context);
}

function addressesOf({ connector, configuration }: DesiredInstance, context: PlanContext): readonly string[] {
  return listAddresses(configuration, (key) => context.isAddressKey(connector, key));
}

/** Ends as soon as it has enough: a secret may be that of thousands. */
function listFirstOthers(listed: ReadonlySet<string>, own: string): readonly string[] {
  const found: string[] = [];
  for (const one of listed) {
    if (found.length === mostNamed) break;
    if (one !== own) found.push(one);
  }
  return found;
}

/** Names of the secrets that a definition sends, also those for a login. */
function namesIn({ configuration, providerData }: DesiredInstance): readonly string[] {
  return [...configuration.values(), ...providerData.values()].flatMap(referencesIn);
}

/** Names of the secrets in a value. Text with several names all of them. */
function referencesIn(value: DesiredValue | undefined): readonly string[] {
  return value instanceof Secret ? value.origin.split(' + ') : [];
}
