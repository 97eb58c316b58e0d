import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance, DesiredValue } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import { Secret } from '../model/secret.ts';
import { listAddresses } from './endpoint-keys.ts';
import { wasInForce } from './in-force.ts';
import { readOwnMemory } from './memory.ts';
import type { PlanContext } from './plan-context.ts';
import type { SecretUse, SecretUses } from './secret-use.ts';

/** A definition that has an instance. */
interface Standing {
  readonly desired: DesiredInstance;
  readonly live: OwnedInstance;
}

/** Definitions that send a secret: the first, and how many more there are. */
export interface Sharers {
  readonly definitions: readonly string[];
  readonly more: number;
}

/** Who sends which secret today. A definition without an instance sends none yet. */
export function listSecretUses(all: readonly Standing[], context: PlanContext): SecretUses {
  const users = new Map<string, Set<Standing>>();
  for (const one of all.toSorted((a, b) => compareText(a.desired.key, b.desired.key))) {
    for (const name of [...one.desired.configuration.values()].flatMap(referencesIn)) {
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
  const memory = readOwnMemory(live, context);
  return [...desired.configuration].some(
    ([key, value]) => referencesIn(value).includes(name) && wasInForce(key, value, memory, context),
  );
}

/** So many definitions are named. */
const mostNamed = 3;

/**
 * The other definitions whose instances send the secret under this key, where this one sends it to an address that none of them has.
 * Undefined for a value without a secret, and where no address is declared: then the connector decides.
 */
export function findSharers(
  key: string,
  desired: DesiredInstance,
  which: 'standing' | 'inForce',
  context: PlanContext,
): Sharers | undefined {
  const uses = referencesIn(desired.configuration.get(key)).flatMap((name) => context.secretUses.get(name) ?? []);
  if (uses.length === 0) return undefined;
  const addresses = addressesOf(desired, context);
  for (const use of uses) {
    const listed = which === 'standing' ? use.standing : use.inForce();
    const own = use.standing.has(desired.key) ? 1 : 0;
    const others = listed.size - (listed.has(desired.key) ? 1 : 0);
    const isNew = addresses.some((address) => (use.addresses.get(address) ?? 0) <= own);
    if (others === 0 || !isNew) continue;
    const definitions = listFirstOthers(listed, desired.key);
    return { definitions, more: others - definitions.length };
  }
  return undefined;
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

/** Names of the secrets in a value. Text with several names all of them. */
function referencesIn(value: DesiredValue | undefined): readonly string[] {
  return value instanceof Secret ? value.origin.split(' + ') : [];
}
