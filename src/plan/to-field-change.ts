import type { Canonical } from '../model/canonical-value.ts';
import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { Json } from '../model/json.ts';
import type { Cause, FieldChange, Risk } from '../model/plan.ts';
import { fromPointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import type { ComparedField, RemovedKey, Verdict } from './diff-instance.ts';
import { type Field, isKnownSecret } from './list-fields.ts';
import { listWords } from './match.ts';
import { protectPointer } from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** A field of a new instance: what will stand there, and nothing about a change that there is not. */
export function toNewField(field: Field, desired: DesiredInstance): FieldChange {
  const { pointer, secret, desired: wanted } = field;
  const head = { field: pointer, cause: 'definition' as const, secret, line: desired.at(pointer).line };
  return secret || typeof wanted !== 'string' ? head : { ...head, after: toShown(field, wanted) };
}

/** A written field as a reviewer sees it. Masked here and never later. */
export function toFieldChange(one: ComparedField, desired: DesiredInstance, context: PlanContext): FieldChange {
  const { field, verdict, resent, past } = one;
  const { pointer, live } = field;
  const secret = field.secret || past === 'secret';
  const head = { field: pointer, cause: toCause(verdict), secret, line: desired.at(pointer).line };
  const meaning =
    resent === true
      ? 'sent again, as nothing shows what stands there now'
      : secret && context.isOffline === true
        ? describeOrigins(field)
        : undefined;
  if (secret || typeof field.desired !== 'string' || typeof live === 'object') return withMeaning(head, meaning);

  const before = past === 'plain' || isHarmless(field, desired.connector, context) ? live : undefined;
  return withMeaning(
    {
      ...head,
      ...(before === undefined ? {} : { before: toShown(field, before) }),
      after: toShown(field, field.desired),
    },
    meaning ?? describeMeaning(field, { before, after: field.desired }),
  );
}

/** A key that goes back to the connector's default. */
export function toRemovedChange(removed: RemovedKey, desired: DesiredInstance): FieldChange {
  const { key, pointer, live, fallback, secret } = removed;
  const head = { field: pointer, cause: 'removed' as const, secret, line: desired.at(pointer).line };
  if (secret || typeof live === 'object') return { ...head, secret: true };
  if (fallback === undefined) {
    const meaning = 'back to the default of the connector, where it has one';
    return { ...head, ...(live === undefined ? {} : { before: live }), meaning };
  }

  const meaning = describeMeaning({ pointer, key }, { before: live, after: fallback });
  return withMeaning(
    { ...head, ...(live === undefined ? {} : { before: live }), after: fallback },
    `${meaning ?? 'back'} ${meaning === undefined ? 'to the default of the connector' : '(default)'}`,
  );
}

/** Whether the former value is none that anybody would keep secret: it may be shown although nobody knows whether it was. */
function isHarmless({ key = '', live }: Field, connector: string, context: PlanContext): boolean {
  const isChoice = context.entryOf(connector, key)?.options?.some((option) => option.value === live) ?? false;
  return live === '' || live === 'true' || live === 'false' || isChoice || key === 'event.poller.refresh_interval';
}

function toCause(verdict: Verdict): Cause {
  if (verdict === 'equal' || verdict === 'echoed' || verdict === 'unknown') {
    throw new Error(`A field that is ${verdict} is no change.`);
  }
  return verdict;
}

function toShown({ pointer, json }: Field, canonical: string): Json {
  if (pointer === '/enabled' || pointer === protectPointer) return canonical === 'true';
  return json && canonical !== '' ? parse(canonical) : canonical;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    // Text under a JSON key that is no JSON is shown as it stands.
    return text;
  }
}

function withMeaning(change: FieldChange, meaning: string | undefined): FieldChange {
  return meaning === undefined ? change : { ...change, meaning };
}

/** Both sides as plain text. `before` is undefined when the platform does not show it, or there was nothing. */
interface PlainSides {
  readonly before: string | undefined;
  readonly after: string;
}

type Describe = (sides: PlainSides) => string | undefined;

const byPointer: Readonly<Record<string, Describe>> = {
  '/tags': describeTags,
  '/enabled': ({ before, after }) => `instance ${arrow(before && onOff(before), onOff(after))}`,
  '/configuration/event.notification.enabled': ({ before, after }) =>
    `events ${arrow(before && onOff(before), onOff(after))}`,
  '/configuration/event.poller.refresh_interval': ({ before, after }) => `poll every ${arrow(before, after)} min`,
};

/** What a change means, where that is known: `poll every 15 → 5 min` (minutes: platform-api §10). Must not be asked about a secret. */
function describeMeaning({ pointer, key }: Pick<Field, 'pointer' | 'key'>, sides: PlainSides): string | undefined {
  const describe = Object.hasOwn(byPointer, pointer) ? byPointer[pointer] : undefined;
  if (describe !== undefined) return describe(sides);
  return key !== undefined && isCallbackKey(key) ? describeHost(sides) : undefined;
}

/** Whether the key holds the address to which the platform or the provider calls back (platform-api §7, §10). */
function isCallbackKey(key: string): boolean {
  return key.toLowerCase().endsWith('callback.url');
}

/** Host of an absolute URL, without credentials; undefined for anything else. */
function toHost(url: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#\\]*@)?([^/?#\\@]+)/i.exec(url)?.[1]?.toLowerCase();
}

function describeHost({ before, after }: PlainSides): string | undefined {
  const to = toHost(after);
  if (to === undefined) return undefined;
  const from = before === undefined ? undefined : toHost(before);
  return from === to ? undefined : `callback host ${arrow(from, to)}`;
}

function describeTags({ before, after }: PlainSides): string | undefined {
  const [old, wanted] = [parseTags(before ?? '[]'), parseTags(after)];
  const added = wanted.filter((tag) => !old.includes(tag)).map((tag) => `+${tag}`);
  const gone = old.filter((tag) => !wanted.includes(tag)).map((tag) => `-${tag}`);
  return [...added, ...gone].join(' ') || undefined;
}

/** Reads back the canonical form of tags. */
function parseTags(canonical: string): readonly string[] {
  const tags: unknown = JSON.parse(canonical);
  return Array.isArray(tags) ? tags.map(String).toSorted(compareText) : [];
}

function onOff(value: string): string {
  if (value === 'true') return 'on';
  return value === 'false' || value === '' ? 'off' : value;
}

function arrow(before: string | undefined, after: string): string {
  return before === undefined ? after : `${before} → ${after}`;
}

/**
 * What changes about a hidden value when both sides come from definitions: `secrets.OLD → secrets.NEW`.
 * Names references, never what stands there.
 */
function describeOrigins({ live, desired }: Pick<Field, 'live' | 'desired'>): string {
  const to = toOrigin(desired);
  if (live === undefined) return `new: ${to}`;
  const from = toOrigin(live);
  if (from !== to) return `${from} → ${to}`;
  return desired instanceof Secret ? `the text around ${to} changes` : 'another literal value';
}

function toOrigin(value: Canonical): string {
  if (value instanceof Secret) return value.origin;
  return value === '' ? 'an empty value' : 'a literal value';
}

const endpointWords =
  /(^|[._-])(url|uri|host|hostname|subdomain|domain|server|endpoint|address|site)([._-]|$)|(Url|Uri|Host)$/;

/** Whether the key says where the platform sends what it knows: `base.url`, `sharefile.subdomain`. */
function isEndpointKey(key: string): boolean {
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
  const from = originOf(before);
  return from === undefined || from !== originOf(after);
}

function originOf(value: Json | undefined): string | undefined {
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
