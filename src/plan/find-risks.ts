import type { DesiredInstance } from '../model/desired.ts';
import type { Json } from '../model/json.ts';
import type { FieldChange, Risk } from '../model/plan.ts';
import { fromPointer } from '../model/pointer.ts';
import { Secret } from '../model/secret.ts';
import { compareText } from './compare-text.ts';
import { isCallbackKey, toHost } from './describe-meaning.ts';
import { isKnownSecret } from './list-fields.ts';
import { listWords } from './match.ts';
import type { PlanContext } from './plan-context.ts';

const endpointWords =
  /(^|[._-])(url|uri|host|hostname|subdomain|domain|server|endpoint|address|site)([._-]|$)|(Url|Uri|Host)$/;

/** Whether the key says where the platform sends what it knows: `base.url`, `sharefile.subdomain`. */
export function isEndpointKey(key: string): boolean {
  return endpointWords.test(key) && !key.startsWith('event.') && !/callback|e?mail/i.test(key);
}

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
  // Setting drift back leads away from where a stranger pointed it.
  const isOurs = field.cause !== 'drift';
  const line = field.line === undefined ? {} : { line: field.line };
  if (isOurs && isEndpointKey(key) && movesOrigin(field)) {
    const others = kept.filter((one) => one !== key);
    if (others.length === 0) return [];
    const message = `${key} changes while ${listWords(others)} ${others.length === 1 ? 'stays' : 'stay'}: what is kept secret will be sent to the new address.`;
    return [{ code: 'endpoint-changed-secret-kept', message, ...line }];
  }
  if (isCallbackKey(key) && movesHost(field)) {
    return [
      { code: 'callback-host-changed', message: `${key} leads to another host: ${toHostWords(field)}.`, ...line },
    ];
  }
  if (key === 'event.notification.enabled' && isSwitchedOff(field)) {
    return [{ code: 'events-switched-off', message: 'The receivers of this instance get no more events.', ...line }];
  }
  return [];
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
  const from = toOrigin(before);
  return from === undefined || from !== toOrigin(after);
}

function toOrigin(value: Json | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const host = toHost(value);
  return host === undefined ? undefined : `${value.split(':')[0]?.toLowerCase()}://${host}`;
}

/** A host that is hidden on one side may have changed, and a reviewer has to know. */
function movesHost({ before, after }: FieldChange): boolean {
  const from = typeof before === 'string' ? toHost(before) : undefined;
  const to = typeof after === 'string' ? toHost(after) : undefined;
  // A first callback address, or none any more, leads nobody astray.
  if (before === null || before === '' || after === '') return false;
  return from === undefined || from !== to;
}

function toHostWords({ before, after, secret }: FieldChange): string {
  if (secret) return 'which one is secret';
  const from = typeof before === 'string' ? toHost(before) : undefined;
  const to = (typeof after === 'string' ? toHost(after) : undefined) ?? 'no URL';
  return from === undefined ? `${to} (the former one is not shown)` : `${from} → ${to}`;
}

function isSwitchedOff({ before, after, secret }: FieldChange): boolean {
  return !secret && before !== 'false' && before !== '' && (after === 'false' || after === '');
}
