import type { Connector, ConnectorEntry } from '../model/connector.ts';
import type { DesiredElsewhere, DesiredInstance } from '../model/desired.ts';
import type { Digest, Fingerprinter } from '../model/hashing.ts';
import type { AppliedTags, OwnedInstance } from '../model/live.ts';
import type { PlanSelection, Target } from '../model/plan.ts';
import type { Note } from '../model/plan-codes.ts';
import { type Pointer, toPointer } from '../model/position.ts';
import { askSecrets, type ConnectorFacts } from '../model/secret-entry.ts';
import { isSecretKey } from '../model/secret-key.ts';
import { decodeApplied } from '../tags/applied-vector.ts';
import { isEndpointKey, isLabelledEndpoint } from './endpoint-keys.ts';
import type { Viewer } from './index-live.ts';
import type { SecretsElsewhere, SecretUses } from './secret-use.ts';

/** What planning needs from outside, so that it stays pure. */
export interface PlanTools {
  readonly fingerprinter: Fingerprinter;
  /** Those of former keys, which what they wrote is still read with. */
  readonly formerFingerprinters?: readonly Fingerprinter[] | undefined;
  readonly digest: Digest;
  /**
   * What is known of connectors without asking the platform. It tells what is secret and what the platform keeps itself, and never what to write.
   * Nothing is known when absent.
   */
  readonly facts?: ConnectorFacts | undefined;
  /** True: the live side is made of definitions. Secrets are their references on both sides, and no catalogue was asked. */
  readonly isOffline?: boolean | undefined;
  /** True: secrets of definitions are known by their references alone. Nothing of such a plan can be carried out, so it has no work. */
  readonly isWithheld?: boolean | undefined;
}

/** What a plan is made of. */
export interface PlanInput extends PlanSelection, Viewer {
  readonly toolVersion: string;
  readonly target: Target;
  readonly commit?: string | undefined;
  /** All definitions of the environment, also those that the selection leaves out: a move can be seen only among all. */
  readonly desired: readonly DesiredInstance[];
  /** The definitions as they stand for other environments, where that is another thing. None when absent. */
  readonly elsewhere?: readonly DesiredElsewhere[] | undefined;
  /** Environments of the definitions that are not for this one, by key. None when absent. */
  readonly elsewhereOnly?: ReadonlyMap<string, readonly string[]> | undefined;
  /** All instances that can be seen, ours or not. */
  readonly live: readonly OwnedInstance[];
  /** What is known of the catalogue, by key; may be empty. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Connectors that the platform does not have, in small letters, each with the key that was probably meant, or null. None when absent. */
  readonly missingConnectors?: ReadonlyMap<string, string | null> | undefined;
  readonly prune: boolean;
  /** True: prune was asked for, and must not delete anything. */
  readonly isPruneWithheld?: boolean | undefined;
  readonly allowReplace: boolean;
  /** What there is to say about instances besides their values, by id. */
  readonly health?: ReadonlyMap<string, readonly Note[]> | undefined;
  /** Ids of instances whose provider does not accept their login any more. */
  readonly loggedOut?: ReadonlySet<string> | undefined;
  /** Keys of definitions that a person has just consented for: what their `providerData` holds is sent, to a live instance as well. */
  readonly consented?: ReadonlySet<string> | undefined;
}

/** The tools with a memory for what many instances share. */
export interface PlanContext extends PlanTools {
  /** All that a memory can be read with, by the check value of their key. */
  readonly fingerprinters: ReadonlyMap<string, Fingerprinter>;
  /** Whether the name of a configuration key says that its value is secret. */
  readonly isSecretKey: (key: string) => boolean;
  /** Whether a value is secret because of where it stands. */
  readonly isSecretAt: (connector: string, key: string) => boolean;
  /** Pointer of a configuration key in a definition. */
  readonly pointerOf: (key: string) => Pointer;
  /** What the catalogue says of a connector, whatever the case of its key (platform-api §8). */
  readonly connectorOf: (key: string) => Connector | undefined;
  /** The catalogue's entry for a configuration key. */
  readonly entryOf: (connector: string, key: string) => ConnectorEntry | undefined;
  /** The same, or else what is known without the platform: no reason to write anything. */
  readonly factOf: (connector: string, key: string) => ConnectorEntry | undefined;
  /** Whether a key says where the platform sends what it knows: by its name, or by what the catalogue calls it. */
  readonly isAddressKey: (connector: string, key: string) => boolean;
  /** What the tags of an instance say of its last apply. */
  readonly appliedOf: (live: Pick<OwnedInstance, 'tags' | 'applied'>) => AppliedTags;
  /** Which instances send which secret today. Empty until the definitions are matched. */
  readonly secretUses: () => SecretUses;
  /** What definitions send for other environments. Nothing until the definitions are matched. */
  readonly secretsElsewhere: SecretsElsewhere;
}

/** The context of one plan. */
export function createContext(tools: PlanTools, connectors: ReadonlyMap<string, Connector> = new Map()): PlanContext {
  const fingerprinter = rememberHashes(tools.fingerprinter);
  const former = (tools.formerFingerprinters ?? []).map(rememberHashes);
  const known = new Map([...connectors].map(([key, connector]) => [key.toLowerCase(), connector]));
  const connectorOf = (key: string): Connector | undefined => known.get(key.toLowerCase());
  const entries = remember((connector: string) => byKey(connectorOf(connector)));
  const facts = remember((connector: string) => byKey(tools.facts?.(connector)));
  const factOf = (connector: string, key: string): ConnectorEntry | undefined =>
    entries(connector).get(key) ?? facts(connector).get(key);

  const addressKeys = remember((connector: string) =>
    remember((key: string) => isEndpointKey(key) || isLabelledEndpoint(factOf(connector, key))),
  );
  const isTold = askSecrets((key) => connectorOf(key) ?? tools.facts?.(key));
  const isKnown = askSecrets((key) => tools.facts?.(key) ?? connectorOf(key));
  return {
    digest: tools.digest,
    isOffline: tools.isOffline ?? false,
    isWithheld: tools.isWithheld ?? false,
    facts: tools.facts,
    isSecretKey: remember(isSecretKey),
    // Whoever says that it is one is believed.
    isSecretAt: (connector, key) => isTold(connector, key) || isKnown(connector, key),
    fingerprinter,
    formerFingerprinters: former,
    // The present key comes last, so that it counts when a former one is the same.
    fingerprinters: new Map([...former, fingerprinter].map((one) => [one.check, one])),
    pointerOf: remember((key: string) => toPointer('configuration', key)),
    connectorOf,
    entryOf: (connector, key) => entries(connector).get(key),
    factOf,
    isAddressKey: (connector, key) => addressKeys(connector)(key),
    appliedOf: rememberLast(decodeApplied),
    secretUses: () => new Map(),
    secretsElsewhere: () => undefined,
  };
}

function byKey(connector: Connector | undefined): ReadonlyMap<string, ConnectorEntry> {
  return new Map(connector?.entries.map((entry) => [entry.key, entry]));
}

/** Names and ids are hashed once each. */
function rememberHashes(one: Fingerprinter): Fingerprinter {
  return {
    check: one.check,
    instance: remember((id: string) => one.instance(id)),
    name: remember((pointer: Pointer) => one.name(pointer)),
    value: (scope, pointer, canonical) => one.value(scope, pointer, canonical),
    reference: (scope, pointer, secret) => one.reference(scope, pointer, secret),
  };
}

/** Decodes once what is asked about several times in a row; decoded, it takes too much room to be kept for all. */
function rememberLast(decode: (tags: readonly string[]) => AppliedTags): PlanContext['appliedOf'] {
  let last: { readonly tags: readonly string[]; readonly applied: AppliedTags } | undefined;
  return ({ tags, applied }) => {
    if (applied !== undefined) return applied;
    last = last?.tags === tags ? last : { tags, applied: decode(tags) };
    return last.applied;
  };
}

/** Asks once for each argument. */
function remember<T>(ask: (argument: string) => T): (argument: string) => T {
  const answers = new Map<string, T>();
  return (argument) => {
    const known = answers.get(argument);
    if (known !== undefined) return known;
    const answer = ask(argument);
    answers.set(argument, answer);
    return answer;
  };
}
