import {
  type Canonical,
  canonicalDesired,
  canonicalLive,
  isComparedAsJson,
  stripHtml,
} from '../model/canonical-value.ts';
import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance, DesiredValue } from '../model/desired.ts';
import type { LiveInstance } from '../model/live.ts';
import { isPlatformMask } from '../model/placeholder.ts';
import { isPlatformKey } from '../model/platform-keys.ts';
import type { Pointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import { userTagsOf } from '../tags/owner-tags.ts';
import { protectPointer } from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** One declared field with both sides in canonical form. */
export interface Field {
  readonly pointer: Pointer;
  /** The configuration key; absent for `/name`, `/tags`, `/enabled` and `/protect`. */
  readonly key?: string | undefined;
  readonly desired: Canonical;
  /** Undefined when the platform does not show it: masked, or never answered. */
  readonly live: Canonical | undefined;
  /** What the platform answered under the key; absent where it answered nothing, or the field is none of the configuration. */
  readonly shown?: Canonical | null | undefined;
  /** True: compared by parsed value. */
  readonly json: boolean;
  /** True: neither value may be shown. */
  readonly secret: boolean;
  /** True: the platform's own after it was sent. What is shown there says nothing about what we want. */
  readonly sentOnce?: boolean | undefined;
}

/** What of a live instance can be compared. */
interface Observed extends Pick<LiveInstance, 'name' | 'tags' | 'configuration' | 'disabled'> {
  /** Whether its memory says that it is protected. */
  readonly isProtected?: boolean | undefined;
}

/**
 * All fields of a definition that are compared, in the order in which they are shown.
 * Without a live instance none of them is observable. Ignored keys are not among them.
 */
export function listFields(
  desired: DesiredInstance,
  live: Observed | undefined,
  context: PlanContext,
): readonly Field[] {
  const keys = [...desired.configuration.keys()].filter((key) => !desired.ignore.has(key)).toSorted(compareText);
  return [...listHeadFields(desired, live), ...keys.map((key) => configurationField(key, desired, live, context))];
}

/** All fields that a new instance is made of, ignored keys included. */
export function listFirstFields(desired: DesiredInstance, context: PlanContext): readonly Field[] {
  return listFields({ ...desired, ignore: new Set() }, undefined, context);
}

function listHeadFields(desired: DesiredInstance, live: Observed | undefined): readonly Field[] {
  const { name, tags, enabled, protect } = desired;
  const fields = [headField('/name', stripHtml(name), live && stripHtml(live.name))];
  if (tags !== undefined) {
    fields.push(headField('/tags', canonicalTags(tags), live && canonicalTags(userTagsOf(live.tags))));
  }
  if (enabled !== undefined) fields.push(headField('/enabled', String(enabled), live && String(!live.disabled)));
  if (protect || live?.isProtected === true) {
    fields.push(
      headField(
        protectPointer,
        String(protect),
        live?.isProtected === undefined ? undefined : String(live.isProtected),
      ),
    );
  }
  return fields;
}

function headField(pointer: Pointer, desired: string, live: string | undefined): Field {
  return { pointer, desired, live, json: pointer !== '/name', secret: false };
}

/** Tags are a set: their order and repetition mean nothing. */
function canonicalTags(tags: readonly string[]): string {
  return JSON.stringify([...new Set(tags.map(stripHtml))].toSorted(compareText));
}

function configurationField(
  key: string,
  desired: DesiredInstance,
  live: Observed | undefined,
  context: PlanContext,
): Field {
  const wanted: DesiredValue = desired.configuration.get(key) ?? null;
  const found = live?.configuration?.get(key);
  const json = isComparedAsJson(key, wanted);
  const canonical = canonicalDesired(key, wanted);
  return {
    pointer: context.pointerOf(key),
    key,
    desired: canonical,
    // What is canonical already stays as it is.
    live: json && found === canonical && !isPlatformMask(found) ? found : canonicalLive(key, found, json),
    shown: found,
    json,
    secret: wanted instanceof Secret || isKnownSecret(key, desired.connector, context) || isHidden(found),
    sentOnce: isPlatformKey(desired.connector, key, context.factOf(desired.connector, key)),
  };
}

/** The live value in every form in which it may have been remembered: whether it was compared by parsed value followed from what was wanted then. */
export function spellingsOf({ key, live, shown }: Pick<Field, 'key' | 'live' | 'shown'>): readonly Canonical[] {
  if (key !== undefined && shown !== undefined)
    return [true, false].flatMap((json) => canonicalLive(key, shown, json) ?? []);
  return live === undefined ? [] : [live];
}

/** Whether the key's name or the catalogue says that its value is secret (platform-api §7, Masking). */
export function isKnownSecret(key: string, connector: string, context: PlanContext): boolean {
  return context.isSecretAt(connector, key);
}

/** Whether the platform's own answer says that a value is secret. */
export function isHidden(found: Canonical | null | undefined): boolean {
  return found instanceof Secret || isPlatformMask(found);
}
