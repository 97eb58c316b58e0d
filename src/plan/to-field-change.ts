import type { DesiredInstance } from '../model/desired.ts';
import type { Json } from '../model/json.ts';
import type { Cause, FieldChange } from '../model/plan.ts';
import { describeMeaning } from './describe-meaning.ts';
import { describeOrigins } from './describe-origins.ts';
import type { Verdict } from './diff-field.ts';
import type { ComparedField } from './diff-instance.ts';
import type { RemovedKey } from './find-removed.ts';
import type { Field } from './list-fields.ts';
import type { PlanContext } from './plan-context.ts';
import { protectPointer } from './protection.ts';

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
