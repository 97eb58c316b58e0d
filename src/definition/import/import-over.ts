import type { Diagnostic } from '../../model/diagnostic.ts';
import type { OwnedInstance } from '../../model/live.ts';
import type { Pointer } from '../../model/position.ts';
import { isSecretEntry } from '../../model/secret-entry.ts';
import { editDocument } from '../edit/edit-document.ts';
import { memberOf } from '../edit/edit-json.ts';
import type { Edit } from '../edit/edit.ts';
import { parseDocuments } from '../parse-documents.ts';
import { editFor, isForAll, overrideFor } from './for-environment.ts';
import { toId } from './import-new.ts';
import { notWritten, type RefusalWords, referenceReplaced, wordsOfObstacle } from './import-words.ts';
import type { ExistingDefinition, Imported, ImportOptions } from './import-options.ts';
import { listLiveEdits } from './live-edits.ts';
import { keepVars, lostVars } from './share-by-vars.ts';
import { createValueWriter } from './value-writer.ts';

/**
 * Writes what is live over a definition: only fields that it declares and that differ. Comments, order and references stay;
 * a reference to a secret stays whatever the platform shows.
 */
export function importOver(live: OwnedInstance, options: ImportOptions, existing: ExistingDefinition): Imported {
  const { text, index, desired, place } = existing;
  const { connector, adopt, nameSecret } = options;
  const passwords = new Set(connector?.entries.filter(isSecretEntry).map(({ key }) => key));
  const writer = createValueWriter({
    id: live.id,
    connector: live.connector,
    isSecretKey: (key) => options.isSecretKey(key) || passwords.has(key),
    ...(nameSecret && { nameSecret }),
    known: options.known,
  });
  const document = parseDocuments(desired.source.file, text).documents[index];
  const found = document ? listLiveEdits({ live, desired, document, writer }) : [];
  const override = document && overrideFor(document, place);
  const changes = found.flatMap((one) => {
    if (one.edit === undefined) return [];
    const kept =
      'value' in one.edit ? { ...one.edit, value: keepVars(one.raw, one.edit.value, place?.vars ?? {}) } : one.edit;
    const edit = editFor(kept, override);
    // What goes into an override leaves the reference of the others as it is.
    const lost = edit === kept ? lostVars(one.raw, 'value' in kept ? kept.value : null) : [];
    return edit === undefined ? [] : [{ field: one.field, edit, losesReference: lost.length > 0 }];
  });
  const forAll = found.filter((one) => one.edit !== undefined && editFor(one.edit, override) === undefined);
  const adoption = adopt ? adoptEdits(live, desired.adopt, memberOf(document?.value, 'adopt')) : [];
  const edited = editDocument(text, { index, edits: [...changes.map(({ edit }) => edit), ...adoption] });
  const refused = new Map(edited.refused.map(({ at, reason }) => [at, reason]));

  const warn = (field: Pointer, words: RefusalWords): Diagnostic => ({
    severity: 'warning',
    ...words,
    at: desired.at(field),
  });
  return {
    key: desired.key,
    yaml: edited.text,
    secrets: [...writer.secrets].filter((name) => edited.text.includes(`\${{ secrets.${name} }}`)),
    leftOut: [],
    diagnostics: [
      ...found.flatMap((one) => (one.edit ? [] : [warn(one.field, wordsOfObstacle[one.obstacle](one.field, live))])),
      ...changes
        .filter(({ edit, losesReference }) => losesReference && !refused.has(edit.at))
        .map(({ field }) => warn(field, referenceReplaced(field))),
      ...forAll.map(({ field }) => warn(field, notWritten(field, isForAll))),
      ...[...refused].map(([at, reason]) => warn(at, notWritten(at, reason))),
    ],
  };
}

function adoptEdits(live: OwnedInstance, adopted: string | undefined, raw: unknown): readonly Edit[] {
  if (adopted === live.id) return [];
  // One id for each environment: which of them this instance is of, the caller knows better than we do.
  return typeof raw === 'object' && raw !== null ? [] : [{ at: '/adopt', value: toId(live.id) }];
}
