import { stripHtml } from '../../model/canonical-value.ts';
import type { DesiredInstance, DesiredValue } from '../../model/desired.ts';
import { canonicalJson, isJsonObject, isList, type Json, toJsonObject } from '../../model/json.ts';
import type { OwnedInstance } from '../../model/live.ts';
import { isPlatformMask } from '../../model/placeholder.ts';
import { type ParsedDocument, type Pointer, toPointer } from '../../model/position.ts';
import { Secret } from '../../model/secret.ts';
import { memberOf } from '../edit/edit-json.ts';
import type { Edit } from '../edit/edit.ts';
import { findPlace, type Place } from './find-place.ts';
import { toLiveConfiguration } from './live-configuration.ts';
import { isNothing, isSameValue, type LiveValue, parseJsonValue } from './same-value.ts';
import { isUnwritable, isUnwritableLabel, isUnwritableTag } from './unwritable.ts';
import type { ValueWriter } from './value-writer.ts';
import { pollerKey } from '../../model/platform-keys.ts';

/** A field in which a live instance differs from its definition, and how the definition would say it. */
export type LiveEdit =
  | {
      readonly field: Pointer;
      readonly edit: Edit;
      /** True: what is written refers to a secret that has no value yet. */
      readonly needsSecret: boolean;
      /** What stands there now: references are still text. */
      readonly raw: Json | undefined;
      readonly obstacle?: undefined;
    }
  /**
   * Nothing that could be written. `secret`: the definition refers to a secret with another value.
   * `stand-in`: the live text would read as a placeholder or as a reference of ours.
   */
  | {
      readonly field: Pointer;
      readonly obstacle: 'secret' | 'stand-in';
      readonly edit?: undefined;
      readonly needsSecret?: undefined;
    };

interface LiveEditInput {
  readonly live: OwnedInstance;
  readonly desired: DesiredInstance;
  /** The document that `desired` was made of. */
  readonly document: ParsedDocument;
  readonly writer: ValueWriter;
}

/**
 * Lists what to write so that the definition says what is live. Only fields that it declares and that the platform shows;
 * only parts of a value that differ, so that references in the other parts stay. Goes into the override where the value is from there.
 */
export function listLiveEdits(input: LiveEditInput): readonly LiveEdit[] {
  const { live, desired } = input;
  const configuration = toLiveConfiguration(live);
  return [
    ...editName(input),
    ...editTags(input),
    ...editEnabled(input),
    ...[...desired.configuration].flatMap(([key, wanted]) => {
      const found = configuration.get(key);
      if (found === undefined || desired.ignore.has(key) || isPlatformMask(found) || isSameValue(key, wanted, found))
        return [];
      return [editKey(input, key, { wanted, found })];
    }),
  ];
}

function editName({ live, desired, document }: LiveEditInput): readonly LiveEdit[] {
  if (stripHtml(desired.name) === stripHtml(live.name)) return [];
  if (isUnwritableLabel(live.name)) return [{ field: '/name', obstacle: 'stand-in' }];
  return [toEdit('/name', findPlace(document, desired, '/name'), live.name)];
}

/** Tags that stay keep the form in which they are written. */
function editTags({ live, desired, document }: LiveEditInput): readonly LiveEdit[] {
  const { tags } = desired;
  const found = [...new Set(live.userTags)];
  const wanted = tags?.map(stripHtml) ?? [];
  const isSame = new Set(wanted).size === found.length && found.every((tag) => wanted.includes(stripHtml(tag)));
  if (tags === undefined || isSame) return [];
  const place = findPlace(document, desired, '/tags');
  const written = isList(place.raw) && place.raw.length === tags.length ? place.raw : tags;
  const kept = written.filter((_, index) => found.some((tag) => stripHtml(tag) === wanted[index]));
  const added = found.filter((tag) => !wanted.includes(stripHtml(tag)));
  if (added.some(isUnwritableTag)) return [{ field: '/tags', obstacle: 'stand-in' }];
  return [toEdit('/tags', place, [...kept, ...added])];
}

function editEnabled({ live, desired, document }: LiveEditInput): readonly LiveEdit[] {
  if (desired.enabled === undefined || desired.enabled !== live.disabled) return [];
  return [toEdit('/enabled', findPlace(document, desired, '/enabled'), !live.disabled)];
}

function editKey(
  { desired, document, writer }: LiveEditInput,
  key: string,
  { wanted, found }: { readonly wanted: DesiredValue; readonly found: LiveValue },
): LiveEdit {
  const field = toPointer('configuration', key);
  if (wanted instanceof Secret) return { field, obstacle: 'secret' };
  const place = findPlace(document, desired, field);
  if (found === null || (isNothing(found) && isSameValue(key, '', found))) return emptyKey(field, key, place);
  if (typeof found === 'string' && isUnwritable(key, found)) return { field, obstacle: 'stand-in' };
  const before = writer.secrets.size;
  const written = writer.write(key, found);
  const needsSecret = writer.secrets.size > before;
  const value = needsSecret || found instanceof Secret ? written : shapeLike(place.raw, { wanted, found, written });
  return { ...toEdit(field, place, value), needsSecret };
}

/** What stands for nothing: an empty text or object where that fits; else the key goes, or is unset by its override. */
function emptyKey(field: Pointer, key: string, place: Place): LiveEdit {
  if (typeof place.raw === 'string') return toEdit(field, place, '');
  if (isJsonObject(place.raw) && key === pollerKey) return toEdit(field, place, toJsonObject([]));
  if (place.at !== field) return toEdit(field, place, null);
  return { field, edit: { at: place.at, remove: true }, needsSecret: false, raw: place.raw };
}

/** Writes the live text with the type that the definition used, part by part where it is JSON. */
function shapeLike(
  raw: Json | undefined,
  { wanted, found, written }: { readonly wanted: Json; readonly found: string; readonly written: Json },
): Json {
  if (typeof raw === 'string') return found;
  if (typeof raw === 'number' && String(Number(found)) === found) return Number(found);
  const parsed = isJsonObject(raw) || isList(raw) ? parseJsonValue(found) : undefined;
  return isJsonObject(parsed) || isList(parsed) ? mergeParts(raw, wanted, parsed) : written;
}

function mergeParts(raw: Json | undefined, wanted: Json | undefined, live: Json): Json {
  const isSame = wanted !== undefined && canonicalJson(wanted) === canonicalJson(live);
  if (raw !== undefined && isSame) return raw;
  if (isJsonObject(raw) && isJsonObject(live)) {
    return toJsonObject(
      Object.entries(live).map(([key, value]) => [key, mergeParts(memberOf(raw, key), memberOf(wanted, key), value)]),
    );
  }
  if (!isList(raw) || !isList(live)) return live;
  return live.map((value, index) => mergeParts(raw[index], memberOf(wanted, String(index)), value));
}

function toEdit(field: Pointer, { at, raw }: Place, value: Json): Extract<LiveEdit, { readonly edit: Edit }> {
  return { field, edit: { at, value }, needsSecret: false, raw };
}
