import { isJsonObject, isList } from '../../model/json.ts';
import { type ParsedDocument, toPointer } from '../../model/position.ts';
import { memberOf } from '../edit/edit-json.ts';
import type { Edit } from '../edit/edit.ts';

/** Why a field of a definition for several environments is left as it is. */
export const isForAll = 'The definition is for several environments, and this field is the same in all of them.';

/** Whose live instance is written down, and which environments must not change with it. */
export interface EnvironmentPlace {
  readonly environment: string;
  /** The other environments of the workspace, but for a sandbox, where nothing is kept that could be lost. */
  readonly others: readonly string[];
  /** Variables of the environment, which stay where a definition uses them. */
  readonly vars?: Readonly<Record<string, string>> | undefined;
}

/** The environment whose override takes what is live there; undefined when the definition is for no other one, so that it can say so itself. */
export function overrideFor({ value }: ParsedDocument, place: EnvironmentPlace | undefined): string | undefined {
  if (place === undefined) return undefined;
  const own = isJsonObject(value) ? memberOf(value, 'environments') : undefined;
  const others = place.others.filter((name) => !isList(own) || own.includes(name));
  return others.length > 0 ? place.environment : undefined;
}

/** The edit in the override of one environment, so that the others keep what they have; undefined when the field cannot stand there. */
export function editFor(edit: Edit, override: string | undefined): Edit | undefined {
  if (override === undefined || edit.at.startsWith('/overrides/')) return edit;
  if (edit.at === '/enabled') return undefined;
  return { at: `${toPointer('overrides', override)}${edit.at}`, value: 'value' in edit ? edit.value : null };
}
