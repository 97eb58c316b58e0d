import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance, DesiredValue } from '../model/desired.ts';
import type { Json } from '../model/json.ts';
import type { FieldChange } from '../model/plan.ts';
import type { Risk } from '../model/plan-codes.ts';
import { fromPointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import { hostOf, isCallbackKey } from './build-field-change.ts';
import { isKnownSecret } from './list-fields.ts';
import type { PlanContext } from './plan-context.ts';

/** The dangers in the changes of an instance that stays (design §5). */
export function findRisks(
  fields: readonly FieldChange[],
  desired: DesiredInstance,
  context: PlanContext,
): readonly Risk[] {
  const kept = listKeptSecrets(fields, desired, context);
  return fields.flatMap((field) => {
    const [parent, key] = fromPointer(field.field);
    return parent === 'configuration' && key !== undefined ? findKeyRisks(key, field, { kept, desired }) : [];
  });
}

function findKeyRisks(
  key: string,
  field: FieldChange,
  { kept, desired }: { readonly kept: readonly string[]; readonly desired: DesiredInstance },
): readonly Risk[] {
  // Setting drift back leads away from where somebody else pointed it.
  const isOurs = field.cause !== 'drift';
  const leads = !isCallbackKey(key) && (isEndpointKey(key) || isAddress(field, desired.configuration.get(key)));
  if (isOurs && leads && movesOrigin(field)) {
    const secrets = kept.filter((one) => one !== key);
    return secrets.length === 0 ? [] : [atLine({ code: 'endpoint-changed-secret-kept', key, secrets }, field)];
  }
  if (isCallbackKey(key) && movesHost(field)) return [atLine(hostRisk(key, field), field)];
  if (key === 'event.notification.enabled' && isSwitchedOff(field)) {
    return [atLine({ code: 'events-switched-off' }, field)];
  }
  return [];
}

/** Words for where something is sent, by address or by the name of a customer that is part of one. */
const endpointWords: ReadonlySet<string> = new Set([
  'url',
  'uri',
  'host',
  'hostname',
  'subdomain',
  'domain',
  'server',
  'endpoint',
  'address',
  'site',
  'tenant',
  'instance',
  'realm',
  'ip',
  'port',
  'company',
  'organization',
  'organisation',
  'datacenter',
  'gateway',
  'proxy',
  'wsdl',
]);

/** The same in two words: `accountId`, `data.center`. */
const endpointPairs: ReadonlySet<string> = new Set(['account-id', 'host-name', 'sub-domain', 'data-center']);

/** Whether the key says where the platform sends what it knows: `base.url`, `sharefile.subdomain`, `siteAddress`. */
function isEndpointKey(key: string): boolean {
  if (key.startsWith('event.') || /callback|e?mail/i.test(key)) return false;
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word, index) => endpointWords.has(word) || endpointPairs.has(`${word}-${words[index + 1] ?? ''}`));
}

/** Whether the value is or was an address, whatever its key is called. */
function isAddress({ before, after }: FieldChange, wanted: DesiredValue | undefined): boolean {
  if (wanted instanceof Secret && wanted.matches(webAddress)) return true;
  return [before, after].some((value) => typeof value === 'string' && webAddress.test(value));
}

const webAddress = /^\s*https?:\/\//i;

function atLine(risk: Risk, { line }: FieldChange): Risk {
  return line === undefined ? risk : { ...risk, line };
}

function listKeptSecrets(
  fields: readonly FieldChange[],
  desired: DesiredInstance,
  context: PlanContext,
): readonly string[] {
  const changed = new Set(fields.map((field) => field.field));
  return [...desired.configuration]
    .filter(([key, value]) => value instanceof Secret || isKnownSecret(key, desired.connector, context))
    .filter(([key, value]) => !changed.has(context.pointerOf(key)) || isWrapped(value))
    .map(([key]) => key)
    .toSorted(compareText);
}

/** Text around a reference makes another value of it, and the same secret still goes out. */
function isWrapped(value: DesiredValue): boolean {
  return value instanceof Secret && value.isComposed;
}

function movesOrigin({ before, after }: FieldChange): boolean {
  const from = urlOriginOf(before);
  return from === undefined || from !== urlOriginOf(after);
}

function urlOriginOf(value: Json | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const host = hostOf(value);
  return host === undefined ? undefined : `${value.split(':')[0]?.toLowerCase()}://${host}`;
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
