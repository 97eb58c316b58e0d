import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance, DesiredValue } from '../model/desired.ts';
import type { Json } from '../model/json.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { FieldChange } from '../model/plan.ts';
import type { Risk } from '../model/plan-codes.ts';
import { fromPointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import { hostOf, isCallbackKey, isWebAddress, listAddresses, urlOriginOf } from './endpoint-keys.ts';
import { wasInForce } from './in-force.ts';
import { isHidden, isKnownSecret } from './list-fields.ts';
import { type Memory, readOwnMemory, unknownValue } from './memory.ts';
import type { PlanContext } from './plan-context.ts';
import { findSharers } from './shared-secrets.ts';

/** What an instance remembers, the configuration keys under which it may, and what it holds. */
interface Remembered {
  readonly memory: Memory;
  readonly keys: readonly string[];
  readonly live: Pick<OwnedInstance, 'connector' | 'configuration'>;
}

/** The dangers in the changes of an instance that stays (design §5). */
export function findRisks(
  fields: readonly FieldChange[],
  desired: DesiredInstance,
  context: PlanContext,
  remembered?: Remembered,
): readonly Risk[] {
  const declared = listKeptSecrets(fields, desired, { context, remembered });
  const kept = declared.length > 0 ? declared : listHeldSecrets(fields, desired, { context, remembered });
  const ofKeys = fields.flatMap((field) => {
    const [parent, key] = fromPointer(field.field);
    if (parent !== 'configuration') return findRoutingRisks(field, desired);
    return key === undefined ? [] : findKeyRisks(key, field, { kept, desired, context });
  });
  return [...ofKeys, ...findSharedRisks(fields, desired, context)];
}

/**
 * Secrets that the old instance of a replace holds, where the new one, of another connector, sends them elsewhere: to an address that is not
 * declared today, or to wherever that connector leads.
 */
export function findReplaceRisks(desired: DesiredInstance, live: OwnedInstance, context: PlanContext): readonly Risk[] {
  const memory = readOwnMemory(live, context);
  const keys = [...(live.configuration?.keys() ?? [])];
  const secrets = [...desired.configuration]
    .filter(([, value]) => isWrapped(value) || isMoved(value, desired, { context, remembered: { memory, keys, live } }))
    .filter(([key, value]) => value instanceof Secret || isKnownSecret(key, desired.connector, context))
    .map(([key]) => key)
    .toSorted(compareText);
  if (secrets.length === 0) return [];
  const declared = listAddresses(desired.configuration, (key) => context.isAddressKey(desired.connector, key));
  const known = new Set(listAddresses(live.configuration ?? [], (key) => context.isAddressKey(live.connector, key)));
  if (declared.length > 0 && declared.every((one) => known.has(one))) return [];
  return [{ code: 'endpoint-changed-secret-kept', key: 'connector', secrets, line: desired.at('/connector').line }];
}

/** What receivers of its events see of an instance, while it has any (platform-api §10). */
function findRoutingRisks(field: FieldChange, { configuration }: DesiredInstance): readonly Risk[] {
  const enabled = configuration.get('event.notification.enabled');
  if (enabled !== true && enabled !== 'true') return [];
  if (field.field === '/name') return [atLine({ code: 'renamed-for-receivers' }, field)];
  return field.field === '/tags' ? [atLine({ code: 'retagged-for-receivers' }, field)] : [];
}

/** A secret of another definition that now goes out from here, to an address that the other one does not have. */
function findSharedRisks(
  fields: readonly FieldChange[],
  desired: DesiredInstance,
  context: PlanContext,
): readonly Risk[] {
  return fields.flatMap((field): readonly Risk[] => {
    const [parent, key] = fromPointer(field.field);
    // What was set back to our value stood here before.
    if (parent !== 'configuration' || key === undefined || field.cause === 'drift') return [];
    // While nobody has the new value, the secret was rotated where it always was.
    const sharers = findSharers(desired.configuration.get(key), desired, 'inForce', context);
    return sharers === undefined ? [] : [atLine({ code: 'secret-sent-elsewhere', key, ...sharers }, field)];
  });
}

interface KeyContext {
  /** Keys whose secrets stay. */
  readonly kept: readonly string[];
  readonly desired: DesiredInstance;
  readonly context: PlanContext;
}

function findKeyRisks(key: string, field: FieldChange, { kept, desired, context }: KeyContext): readonly Risk[] {
  // Setting drift back leads away from where somebody else pointed it.
  const isOurs = field.cause !== 'drift';
  const leads = !isCallbackKey(key) && (context.isAddressKey(desired.connector, key) || isAddress(key, field, desired));
  if (isOurs && leads && movesOrigin(field)) {
    const secrets = kept.filter((one) => one !== key);
    return secrets.length === 0 ? [] : [atLine({ code: 'endpoint-changed-secret-kept', key, secrets }, field)];
  }
  if (isCallbackKey(key) && movesHost(field)) return [atLine(hostRisk(key, field), field)];
  if (key === 'event.notification.enabled' && isSwitchedOff(field)) {
    return [atLine({ code: 'events-switched-off' }, field)];
  }
  if (key === 'event.notification.enabled' && isSwitchedOn(field)) {
    return [atLine({ code: 'events-switched-on' }, field)];
  }
  return key === 'event.notification.signature.key' ? findSignatureRisks(field) : [];
}

/** Whether the value is or was an address, whatever its key is called. */
function isAddress(key: string, { before, after }: FieldChange, { configuration }: DesiredInstance): boolean {
  return [configuration.get(key), before, after].some((value) => isWebAddress(key, value));
}

function atLine(risk: Risk, { line }: FieldChange): Risk {
  return line === undefined ? risk : { ...risk, line };
}

function listKeptSecrets(
  fields: readonly FieldChange[],
  desired: DesiredInstance,
  { context, remembered }: { readonly context: PlanContext; readonly remembered: Remembered | undefined },
): readonly string[] {
  const changed = new Set(fields.map((field) => field.field));
  return [...desired.configuration]
    .filter(([key, value]) => value instanceof Secret || isKnownSecret(key, desired.connector, context))
    .filter(
      ([key, value]) =>
        !changed.has(context.pointerOf(key)) || isWrapped(value) || isMoved(value, desired, { context, remembered }),
    )
    .map(([key]) => key)
    .toSorted(compareText);
}

/** What the instance holds and no definition names: an update leaves it there, also where it left the definition just now. */
function listHeldSecrets(
  fields: readonly FieldChange[],
  desired: DesiredInstance,
  { context, remembered }: { readonly context: PlanContext; readonly remembered: Remembered | undefined },
): readonly string[] {
  if (remembered === undefined) return [];
  const { connector, configuration } = remembered.live;
  const changed = new Set(fields.map((field) => field.field));
  return [...configuration]
    .filter(
      ([key, value]) => !desired.configuration.has(key) && !changed.has(context.pointerOf(key)) && !isBlank(value),
    )
    .filter(([key, value]) => isHidden(value) || isKnownSecret(key, connector, context))
    .map(([key]) => key)
    .toSorted(compareText);
}

function isBlank(value: Secret | string | null): boolean {
  return value === null || (value instanceof Secret ? value.isEmpty : value === '');
}

/** Whether the same value was in force under any key of this instance: it only stands elsewhere now. */
function isMoved(
  value: DesiredValue,
  { configuration }: DesiredInstance,
  { context, remembered }: { readonly context: PlanContext; readonly remembered: Remembered | undefined },
): boolean {
  if (remembered === undefined) return false;
  if (value instanceof Secret && mayHideSecrets(remembered.memory)) return true;
  const keys = new Set([...configuration.keys(), ...remembered.keys]);
  return [...keys].some((key) => wasInForce(key, value, remembered.memory, context));
}

/**
 * Whether the memory knows of a secret that it cannot name: one with text around it, or one that left the definition. It may be any that the
 * definition sends now, so that one change wraps it or takes it away, and the next one brings it back beside another host.
 */
function mayHideSecrets(memory: Memory): boolean {
  if (memory.state !== 'known') return false;
  return [...memory.entries.values()].some(
    ({ value, secret, composed }) => composed === true || (secret === true && value === unknownValue),
  );
}

/** Text around a reference makes another value of it, and the same secret still goes out. */
function isWrapped(value: DesiredValue): boolean {
  return value instanceof Secret && value.isComposed;
}

function movesOrigin({ before, after }: FieldChange): boolean {
  const from = urlOriginOf(before);
  return from === undefined || from !== urlOriginOf(after);
}

/** A host that is hidden on one side may have changed, and a reviewer has to know. */
function movesHost({ before, after }: FieldChange): boolean {
  // A first callback address, or none any more, leads nobody astray.
  if (before === null || before === '' || after === '') return false;
  const from = hostIn(before);
  return from === null || from !== hostIn(after);
}

function hostRisk(key: string, { before, after, secret }: FieldChange): Risk {
  const code = 'callback-host-changed';
  if (secret) return { code, key, from: null, to: null, secret };
  return { code, key, from: hostIn(before), to: hostIn(after), secret };
}

function hostIn(value: Json | undefined): string | null {
  return typeof value === 'string' ? (hostOf(value) ?? null) : null;
}

function isSwitchedOff({ before, after, secret }: FieldChange): boolean {
  return !secret && before !== 'false' && before !== '' && (after === 'false' || after === '');
}

function isSwitchedOn({ before, after, secret }: FieldChange): boolean {
  return !secret && before !== 'true' && after === 'true';
}

/** What is only sent again is most likely the key that signs already. */
function findSignatureRisks(field: FieldChange): readonly Risk[] {
  if (field.meaning?.code === 'sent-again') return [];
  const isGone = field.cause === 'removed' || field.after === '' || field.after === null;
  return [atLine({ code: isGone ? 'signature-key-removed' : 'signature-key-changed' }, field)];
}
