import { CST } from 'yaml';
import { canonicalJson, type Json } from '../../model/json.ts';
import type { Pointer } from '../../model/position.ts';
import { parseDocuments } from '../parse-documents.ts';
import { editJson } from './edit-json.ts';
import { applySplices, type Edit, type Splice } from './edit.ts';
import { findSlot } from './find-slot.ts';
import { listSteps, type Step } from './list-steps.ts';
import { tokenize } from './source-tokens.ts';
import { toSource } from './source.ts';
import { spliceNewEntry, spliceRemoval } from './splice-entry.ts';
import { spliceValue } from './splice-value.ts';

export type { Edit } from './edit.ts';

interface EditOptions {
  /** Which document of the file, 0-based, as `ParsedDocument.index` counts. */
  readonly index: number;
  readonly edits: readonly Edit[];
}

export interface EditedText {
  readonly text: string;
  /** Edits that were left out, each with a full sentence why. */
  readonly refused: readonly { readonly at: Pointer; readonly reason: string }[];
}

type EditOutcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

const byteOrderMark = '\uFEFF';

/**
 * Changes values in a YAML text and nothing else: comments, order, quotes, indentation, references, other documents and line
 * ends stay byte for byte.
 *
 * The edits are carried out one after the other, each as a whole or not at all. Promises that the text still reads, and that
 * its data is the old data with the edits applied: each result is read again, and an edit without that result is refused.
 */
export function editDocument(text: string, { index, edits }: EditOptions): EditedText {
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : '';
  const refused: { at: Pointer; reason: string }[] = [];
  let body = text.slice(mark.length);
  let data = readData(body, index);
  for (const edit of edits) {
    const edited = data.ok ? carryOut(body, data.value, { index, edit }) : data;
    if (edited.ok) {
      body = edited.value.text;
      data = { ok: true, value: edited.value.data };
    } else refused.push({ at: edit.at, reason: edited.reason });
  }
  return { text: mark + body, refused };
}

function readData(text: string, index: number): EditOutcome<Json> {
  const { documents, diagnostics } = parseDocuments('', text);
  const [problem] = diagnostics;
  if (problem) return { ok: false, reason: `The file cannot be read: ${problem.message}.` };
  const document = documents[index];
  return document ? { ok: true, value: document.value } : { ok: false, reason: 'The file has no such document.' };
}

function carryOut(
  text: string,
  data: Json,
  { index, edit }: { readonly index: number; readonly edit: Edit },
): EditOutcome<{ readonly text: string; readonly data: Json }> {
  const listed = listSteps(data, edit);
  if ('reason' in listed) return { ok: false, reason: listed.reason };
  if (listed.steps.length === 0) return { ok: true, value: { text, data } };
  let edited = text;
  for (const step of listed.steps) {
    const document = tokenize(edited)[index];
    const splices: EditOutcome<readonly Splice[]> = document
      ? spliceStep(edited, document, step)
      : { ok: false, reason: unsafe };
    if (!splices.ok) return splices;
    edited = applySplices(edited, splices.value);
  }
  // What goes at the end may leave blank lines in front of it behind.
  if (!text.endsWith('\n')) edited = edited.replace(/(?:\r?\n[ \t]*)+$/, '');
  const after = readData(edited, index);
  const wanted = editJson(data, edit);
  const isRight =
    after.ok && canonicalJson(after.value) === canonicalJson(wanted) && countDocuments(edited) === countDocuments(text);
  return isRight ? { ok: true, value: { text: edited, data: after.value } } : { ok: false, reason: unsafe };
}

const unsafe = 'It is written in a form that cannot be changed without affecting other values.';

function countDocuments(text: string): number {
  return tokenize(text).length;
}

function spliceStep(text: string, document: CST.Document, step: Step): EditOutcome<readonly Splice[]> {
  const slot = findSlot(document, step.at);
  if ('reason' in slot) return { ok: false, reason: slot.reason };
  const source = toSource(text, document);
  const { item, parent } = slot;
  if (step.kind === 'set') return { ok: true, value: spliceValue(source, slot, step.value) };
  if (step.kind === 'add' && CST.isCollection(item.value)) {
    return { ok: true, value: spliceNewEntry(source, item.value, step) };
  }
  if (step.kind === 'remove' && parent) return { ok: true, value: [spliceRemoval(source, parent, item)] };
  return { ok: false, reason: unsafe };
}
