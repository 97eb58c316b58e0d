import { parseJson } from '../model/parse-json.ts';
import type { Canonical } from '../model/canonical-value.ts';
import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { Json } from '../model/json.ts';
import type { Cause, FieldChange } from '../model/plan.ts';
import type { FieldMeaning, Origin } from '../model/plan-codes.ts';
import { Secret } from '../model/secret.ts';
import { type ComparedField, isSettled, type Verdict } from './diff-instance.ts';
import { type RemovedKey } from './find-removed.ts';
import { hostOf, isCallbackKey } from './endpoint-keys.ts';
import type { Field } from './list-fields.ts';
import { protectPointer } from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** A field of a new instance: what will stand there, and nothing about a change that there is not. */
export function buildNewField(field: Field, desired: DesiredInstance): FieldChange {
  const { pointer, secret, desired: wanted } = field;
  const head = { field: pointer, cause: 'definition' as const, secret, line: desired.at(pointer).line };
  return secret || typeof wanted !== 'string' ? head : { ...head, after: showJson(field, wanted) };
}

/** A written field as a reviewer sees it. Masked here and never later. */
export function buildFieldChange(one: ComparedField, desired: DesiredInstance, context: PlanContext): FieldChange {
  const { field, verdict, isResent, past } = one;
  const { pointer, live } = field;
  const secret = field.secret || past === 'secret';
  const head = { field: pointer, cause: causeOf(verdict), secret, line: desired.at(pointer).line };
  const special = isResent ? sentAgain : secret && context.isOffline === true ? compareOrigins(field) : undefined;
  if (secret || typeof field.desired !== 'string' || typeof live === 'object') return withMeaning(head, special);

  const before = past === 'plain' || isHarmless(field, desired.connector, context) ? live : undefined;
  const change = { ...head, after: showJson(field, field.desired) };
  return withMeaning(
    before === undefined ? change : { ...change, before: showJson(field, before) },
    special ?? findMeaning(field, before ?? null, field.desired),
  );
}

const sentAgain: FieldMeaning = { code: 'sent-again' };

/** A key that goes back to the connector's default. */
export function buildRemovedField(removed: RemovedKey, desired: DesiredInstance): FieldChange {
  const { key, pointer, live, fallback, secret } = removed;
  const head = { field: pointer, cause: 'removed' as const, secret, line: desired.at(pointer).line };
  if (secret || typeof live === 'object') return { ...head, secret: true };
  const change = live === undefined ? head : { ...head, before: live };
  if (fallback === undefined) return { ...change, meaning: { code: 'unknown-default' } };
  const meaning = findMeaning({ pointer, key }, live ?? null, fallback) ?? { code: 'default' };
  return { ...change, after: fallback, meaning };
}

/** Whether the former value is none that anybody would keep secret: it may be shown although nobody knows whether it was. */
function isHarmless({ key = '', live }: Field, connector: string, context: PlanContext): boolean {
  const isChoice = context.entryOf(connector, key)?.options?.some((option) => option.value === live) ?? false;
  return live === '' || live === 'true' || live === 'false' || isChoice || key === 'event.poller.refresh_interval';
}

function causeOf(verdict: Verdict): Cause {
  if (isSettled(verdict)) throw new Error(`A field that is ${verdict} is no change.`);
  return verdict;
}

function showJson({ pointer, json }: Field, canonical: string): Json {
  if (pointer === '/enabled' || pointer === protectPointer) return canonical === 'true';
  const parsed = json && canonical !== '' ? parseJson(canonical) : undefined;
  // Text under a JSON key that is no JSON is shown as it stands.
  return parsed?.ok === true ? parsed.value : canonical;
}

function withMeaning(change: FieldChange, meaning: FieldMeaning | undefined): FieldChange {
  return meaning === undefined ? change : { ...change, meaning };
}

/**
 * What a change means, where that is known (minutes: platform-api §10). Must not be asked about a secret.
 * @param from null when the platform does not show it, or there was nothing
 */
function findMeaning(
  { pointer, key }: Pick<Field, 'pointer' | 'key'>,
  from: string | null,
  to: string,
): FieldMeaning | undefined {
  switch (pointer) {
    case '/tags':
      return compareTags(from ?? '[]', to);
    case '/enabled':
      return { code: 'instance-switched', from, to };
    case '/configuration/event.notification.enabled':
      return { code: 'events-switched', from, to };
    case '/configuration/event.poller.refresh_interval':
      return { code: 'poll-interval', from, to };
    default:
      return key !== undefined && isCallbackKey(key) ? compareHosts(from, to) : undefined;
  }
}

function compareTags(from: string, to: string): FieldMeaning | undefined {
  const [old, wanted] = [parseTags(from), parseTags(to)];
  const added = wanted.filter((tag) => !old.includes(tag));
  const removed = old.filter((tag) => !wanted.includes(tag));
  return added.length + removed.length === 0 ? undefined : { code: 'tags-changed', added, removed };
}

/** Reads back the canonical form of tags. */
function parseTags(canonical: string): readonly string[] {
  const tags: unknown = JSON.parse(canonical);
  return Array.isArray(tags) ? tags.map(String).toSorted(compareText) : [];
}

function compareHosts(before: string | null, after: string): FieldMeaning | undefined {
  const to = hostOf(after);
  if (to === undefined) return undefined;
  const from = hostOf(before ?? '') ?? null;
  return from === to ? undefined : { code: 'callback-host', from, to };
}

/**
 * What changes about a hidden value when both sides come from definitions: which reference stands there.
 * Names references, never what stands behind them.
 */
function compareOrigins({ live, desired }: Pick<Field, 'live' | 'desired'>): FieldMeaning {
  const to = originOf(desired);
  if (live === undefined) return { code: 'new-reference', to };
  const from = originOf(live);
  if (from.code !== to.code || (from.code === 'reference' && to.code === 'reference' && from.name !== to.name)) {
    return { code: 'other-reference', from, to };
  }
  return to.code === 'reference' ? { code: 'text-around-reference', to } : { code: 'other-literal' };
}

function originOf(value: Canonical): Origin {
  if (value instanceof Secret) return { code: 'reference', name: value.origin };
  return { code: value === '' ? 'empty' : 'literal' };
}
