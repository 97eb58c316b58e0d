import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
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
    return parent === 'configuration' && key !== undefined ? findKeyRisks(key, field, kept) : [];
  });
}

function findKeyRisks(key: string, field: FieldChange, kept: readonly string[]): readonly Risk[] {
  // Setting drift back leads away from where somebody else pointed it.
  const isOurs = field.cause !== 'drift';
  if (isOurs && isEndpointKey(key) && movesOrigin(field)) {
    const secrets = kept.filter((one) => one !== key);
    return secrets.length === 0 ? [] : [atLine({ code: 'endpoint-changed-secret-kept', key, secrets }, field)];
  }
  if (isCallbackKey(key) && movesHost(field)) return [atLine(hostRisk(key, field), field)];
  if (key === 'event.notification.enabled' && isSwitchedOff(field)) {
    return [atLine({ code: 'events-switched-off' }, field)];
  }
  return [];
}

const endpointWords =
  /(^|[._-])(url|uri|host|hostname|subdomain|domain|server|endpoint|address|site)([._-]|$)|(Url|Uri|Host)$/;

/** Whether the key says where the platform sends what it knows: `base.url`, `sharefile.subdomain`. */
function isEndpointKey(key: string): boolean {
  return endpointWords.test(key) && !key.startsWith('event.') && !/callback|e?mail/i.test(key);
}

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
    .map(([key]) => key)
    .filter((key) => !changed.has(context.pointerOf(key)))
    .toSorted(compareText);
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
