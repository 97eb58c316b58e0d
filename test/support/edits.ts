import type { Json } from '../../src/model/json.ts';
import type { Cause } from '../../src/model/plan.ts';
import { toPointer } from '../../src/model/position.ts';
import { connectorOf } from './draft-sets.ts';
import { freshValue, type Kind, kindOf } from './draft-values.ts';
import {
  comparedKeys,
  configurationOf,
  type Draft,
  environmentName,
  isMeant,
  keyOf,
  withoutKey,
  withValue,
} from './drafts.ts';

/** One configuration key of one definition. */
export interface Place {
  readonly draft: Draft;
  readonly key: string;
  readonly kind: Exclude<Kind, 'choice'>;
  /** What stands there, references not resolved. */
  readonly value: Json;
}

/** Every key that the environment compares, but for those that say which other keys are needed. */
export function listPlaces(drafts: readonly Draft[]): readonly Place[] {
  return drafts.filter(isMeant).flatMap((draft) => {
    const configuration = configurationOf(draft);
    return comparedKeys(draft).flatMap((key): readonly Place[] => {
      const kind = kindOf(key, connectorOf(draft.connector).entryByKey.get(key));
      return kind === 'choice' ? [] : [{ draft, key, kind, value: configuration[key] ?? null }];
    });
  });
}

/** The definitions with a new value at each of the places, unlike anything that was there before; another `number` gives others. */
export function editPlaces(drafts: readonly Draft[], places: readonly Place[], number = 1): readonly Draft[] {
  return changeDrafts(drafts, places, (draft, { key, kind, value }) =>
    withValue(draft, key, freshValue(kind, value, number)),
  );
}

/** The definitions without the keys. */
export function removePlaces(drafts: readonly Draft[], places: readonly Place[]): readonly Draft[] {
  return changeDrafts(drafts, places, (draft, { key }) => withoutKey(draft, key));
}

/** The definition with the name that the environment then has. */
export function renameDraft(draft: Draft, name: string): Draft {
  const override = draft.overrides?.[environmentName];
  if (override?.name === undefined) return { ...draft, name };
  return { ...draft, overrides: { ...draft.overrides, [environmentName]: { ...override, name } } };
}

/** The definition with the tags that the environment then has. */
export function retagDraft(draft: Draft, tags: readonly string[]): Draft {
  const override = draft.overrides?.[environmentName];
  if (override?.tags === undefined) return { ...draft, tags };
  return { ...draft, overrides: { ...draft.overrides, [environmentName]: { ...override, tags } } };
}

/** A field as `fieldsOf` says it. */
export function fieldAt({ draft, key }: Pick<Place, 'draft' | 'key'>, cause: Cause): string {
  return `${keyOf(draft)} ${toPointer('configuration', key)} ${cause}`;
}

function changeDrafts(
  drafts: readonly Draft[],
  places: readonly Place[],
  change: (draft: Draft, place: Place) => Draft,
): readonly Draft[] {
  return drafts.map((draft) => places.filter((place) => place.draft === draft).reduce(change, draft));
}
