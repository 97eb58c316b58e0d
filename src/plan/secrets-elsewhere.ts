import { compareText } from '../model/compare-text.ts';
import type { DesiredElsewhere, DesiredInstance } from '../model/desired.ts';
import { listAddresses } from './endpoint-keys.ts';
import type { PlanContext } from './plan-context.ts';
import type { SecretElsewhere, SecretsElsewhere, SecretUses } from './secret-use.ts';

/** Who sends what for other environments. What an instance here sends is known better than what it would send there. */
export function indexElsewhere(
  all: readonly DesiredElsewhere[],
  uses: () => SecretUses,
  context: PlanContext,
): SecretsElsewhere {
  const byName = new Map<string, DesiredElsewhere[]>();
  for (const one of all) for (const name of one.secrets) append(byName, name, one);
  const known = new Map<string, SecretElsewhere>();
  return (name) => {
    const users = byName.get(name);
    if (users === undefined) return undefined;
    const answer = known.get(name) ?? describeElsewhere(name, users, uses(), context);
    known.set(name, answer);
    return answer;
  };
}

function describeElsewhere(
  name: string,
  users: readonly DesiredElsewhere[],
  uses: SecretUses,
  context: PlanContext,
): SecretElsewhere {
  const strangers = new Map<string, Set<string>>();
  const addresses = new Map<string, Set<string>>();
  const apart = new Map<string, DesiredElsewhere[]>();
  for (const one of users.toSorted((a, b) => compareText(a.key, b.key))) {
    if (one.apart.has(name)) append(apart, one.key, one);
    if (uses.get(name)?.standing.has(one.key) === true) continue;
    const environments = strangers.get(one.key) ?? new Set();
    strangers.set(one.key, one.environment === null ? environments : environments.add(one.environment));
    for (const address of addressesOf(one, context)) {
      addresses.set(address, (addresses.get(address) ?? new Set()).add(one.key));
    }
  }
  return { strangers, addresses, apart };
}

/** So many definitions are looked at. */
const mostNamed = 3;

/** Those that send the secret for other environments, where one of these addresses is none of theirs. Undefined where all are. */
export function findElsewhere(
  { key }: DesiredInstance,
  addresses: readonly string[],
  { strangers, addresses: theirs, apart }: SecretElsewhere,
  context: PlanContext,
):
  | { readonly definitions: readonly string[]; readonly more: number; readonly environments: readonly string[] }
  | undefined {
  const own = apart.get(key) ?? [];
  const ownAddresses = new Set(own.flatMap((one) => addressesOf(one, context)));
  const isNew = addresses.some((address) => !ownAddresses.has(address) && countOthers(theirs.get(address), key) === 0);
  const count = countOthers(strangers, key) + (own.length > 0 ? 1 : 0);
  if (!isNew || count === 0) return undefined;
  const named = new Map<string, ReadonlySet<string>>();
  if (own.length > 0) named.set(key, new Set(own.flatMap(({ environment }) => environment ?? [])));
  for (const [other, environments] of strangers) {
    if (named.size === mostNamed) break;
    if (other !== key) named.set(other, environments);
  }
  const environments = new Set([...named.values()].flatMap((some) => Array.from(some)));
  return {
    definitions: [...named.keys()],
    more: count - named.size,
    environments: [...environments].toSorted(compareText),
  };
}

function countOthers(keys: Pick<ReadonlySet<string>, 'size' | 'has'> | undefined, own: string): number {
  return keys === undefined ? 0 : keys.size - (keys.has(own) ? 1 : 0);
}

function addressesOf({ connector, configuration }: DesiredElsewhere, context: PlanContext): readonly string[] {
  return listAddresses(configuration(), (key) => context.isAddressKey(connector, key));
}

function append<T>(groups: Map<string, T[]>, name: string, one: T): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [one]);
  else group.push(one);
}
