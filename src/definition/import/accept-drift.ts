import type { DesiredInstance } from '../../model/desired.ts';
import type { OwnedInstance } from '../../model/live.ts';
import { isPlatformMask } from '../../model/placeholder.ts';
import type { Change, FieldChange } from '../../model/plan.ts';
import { fromPointer, type Pointer } from '../../model/position.ts';
import { editDocument, type EditedText } from '../edit/edit-document.ts';
import type { Edit } from '../edit/edit.ts';
import { parseDocuments } from '../parse-documents.ts';
import { editFor, type EnvironmentPlace, isForAll, overrideFor } from './for-environment.ts';
import { toLiveConfiguration } from './live-configuration.ts';
import { listLiveEdits, type LiveEdit } from './live-edits.ts';
import { keepVars, lostVars } from './share-by-vars.ts';
import { createValueWriter } from './value-writer.ts';

export interface AcceptedText extends EditedText {
  /** Fields whose value came from variables and is written out now, in the definition or in the override of the environment. Absent: none. */
  readonly replaced?: readonly ReplacedReference[];
}

export interface ReplacedReference {
  readonly at: Pointer;
  /** Names of the variables. */
  readonly vars: readonly string[];
}

/**
 * Writes drift into the definition instead of undoing it: the live values of the fields that a plan found drifted or in conflict.
 * Comments, order and references to secrets stay. Variables that a value is made of stay where
 * they give what is live; those that had to give way are answered. Refuses, with a full sentence, what is secret or not shown by the platform.
 *
 * @param text of the whole file
 * @param index which document of the file, as `ParsedDocument.index` counts
 * @param place absent: the definition is for one environment
 */
export function acceptDrift(
  text: string,
  index: number,
  change: Change,
  live: OwnedInstance,
  desired: DesiredInstance,
  place?: EnvironmentPlace,
): AcceptedText {
  const document = parseDocuments(desired.source.file, text).documents[index];
  const writer = createValueWriter({ id: live.id, connector: live.connector, isSecretKey: () => false });
  const found = document ? listLiveEdits({ live, desired, document, writer }) : [];
  const override = document && overrideFor(document, place);
  const byField = new Map(found.map((one) => [one.field, one]));
  const drifted = change.fields.filter(({ cause }) => cause === 'drift' || cause === 'conflict');

  const edits: Edit[] = [];
  const refused: { at: Pointer; reason: string }[] = [];
  const replaced: ReplacedReference[] = [];
  for (const field of drifted) {
    const one = byField.get(field.field);
    const reason = refuse(field, one, live);
    if (reason !== undefined) refused.push({ at: field.field, reason });
    else if (one?.edit) {
      const kept =
        'value' in one.edit ? { ...one.edit, value: keepVars(one.raw, one.edit.value, place?.vars ?? {}) } : one.edit;
      const edit = editFor(kept, override);
      const vars = lostVars(one.raw, 'value' in kept ? kept.value : null);
      if (edit !== undefined && vars.length > 0) replaced.push({ at: field.field, vars });
      if (edit === undefined) refused.push({ at: field.field, reason: isForAll });
      else edits.push(edit);
    }
  }
  const edited = editDocument(text, { index, edits });
  const written = replaced.filter(({ at }) => !edited.refused.some((one) => one.at.endsWith(at)));
  const told = written.length === 0 ? {} : { replaced: written };
  return { text: edited.text, refused: [...refused, ...edited.refused], ...told };
}

function refuse({ field, secret }: FieldChange, found: LiveEdit | undefined, live: OwnedInstance): string | undefined {
  if (secret || found?.obstacle === 'secret' || found?.needsSecret === true) return isSecret;
  if (found?.obstacle === 'stand-in') return standsForSomethingElse;
  const [area, key = ''] = fromPointer(field);
  const value = area === 'configuration' ? toLiveConfiguration(live).get(key) : null;
  return value === undefined || isPlatformMask(value) ? 'The platform does not show the value.' : undefined;
}

const isSecret =
  'The value is secret, and secrets are never written to a file. Set the secret to the value on the platform, or apply to overwrite it.';
const standsForSomethingElse =
  'The value on the platform looks like a placeholder or a reference, so it cannot be written to a definition.';
