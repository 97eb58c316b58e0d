import { narrowPosition } from '../definition/locate-node.ts';
import type { Diagnostic, SilencedDiagnostic } from '../model/diagnostic.ts';
import { type ParsedDocument, type Pointer, type Position, toPointer } from '../model/position.ts';
import { buildSubject, outlineDocument } from './build-subject.ts';
import { fixedRules } from './fixed-rules.ts';
import type { Finding, Found } from './rule.ts';
import { documentRules, workspaceRules } from './rules.ts';
import { silenceFindings } from './silence-findings.ts';
import { type Outline, type Path, valueAt } from './subject.ts';
import type { ValidationContext } from './validation-context.ts';

export type { ValidationContext } from './validation-context.ts';

/**
 * Everything that is wrong with a set of definitions, whatever is wrong with the others.
 * Sorted by file, line, column and code; equal documents give equal diagnostics. Asks for places only where there is a problem.
 */
export function validateDocuments(
  documents: readonly ParsedDocument[],
  context: ValidationContext,
): readonly Diagnostic[] {
  return checkAllDocuments(documents, context).diagnostics;
}

export interface CheckedDocuments {
  readonly diagnostics: readonly Diagnostic[];
  /** What comments in the files silence. */
  readonly silenced: readonly SilencedDiagnostic[];
}

/** As `validateDocuments`, and what comments in the files silence. */
export function checkAllDocuments(documents: readonly ParsedDocument[], context: ValidationContext): CheckedDocuments {
  const steps = checkStepwise(documents, context);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** The same. @param giveWay called now and then, to let others go on */
export async function checkInTurns(
  documents: readonly ParsedDocument[],
  context: ValidationContext,
  giveWay: (() => Promise<void>) | undefined,
): Promise<CheckedDocuments> {
  if (giveWay === undefined) return checkAllDocuments(documents, context);
  const steps = checkStepwise(documents, context);
  let step = steps.next();
  while (step.done !== true) {
    await giveWay();
    step = steps.next();
  }
  return step.value;
}

/** Documents that are checked in one go: less than a millisecond, as a page that comes has several parts, each of which waits for its turn. */
const stepLength = 3;

function* checkStepwise(
  documents: readonly ParsedDocument[],
  context: ValidationContext,
): Generator<undefined, CheckedDocuments, undefined> {
  const outlines: Outline[] = [];
  for (const document of documents) {
    if (outlines.length % stepLength === stepLength - 1) yield;
    outlines.push(outlineDocument(document, context));
  }
  const inDocuments: Found[] = [];
  for (const [index, outline] of outlines.entries()) {
    if (index % stepLength === stepLength - 1) yield;
    // One by one: a document may have more than a call takes arguments.
    for (const found of keepBest(checkDocument(outline, context))) inDocuments.push(found);
  }
  const between: Found[] = [];
  for (const rule of workspaceRules) {
    yield;
    for (const { outline, finding } of rule.checkAll(outlines, context)) between.push({ rule, outline, finding });
  }
  const { heard, silenced, remarks } = silenceFindings([...inDocuments, ...between], outlines, context);
  const { kept, left } = keepSome(heard.flatMap((found) => weigh(found, context)));
  return {
    diagnostics: [...kept.map(toDiagnostic), ...left.map(describeLeft), ...remarks].toSorted(compareDiagnostics),
    silenced: silenced
      .flatMap(({ found, reason }) => weigh(found, context).map((one) => withReason(one, reason)))
      .toSorted(compareDiagnostics),
  };
}

/** As much as the workspace says; nothing for a rule that it turns off. */
function weigh(found: Found, { levels }: ValidationContext): readonly Found[] {
  const { code } = found.rule;
  const level = levels?.get(code);
  if (level === undefined || (level !== 'error' && fixedRules.has(code))) return [found];
  return level === 'off' ? [] : [{ ...found, finding: { ...found.finding, severity: level } }];
}

function checkDocument(outline: Outline, context: ValidationContext): readonly Found[] {
  // Built here and let go of, as the contents of ten thousand documents need not be in memory at once.
  const subject = buildSubject(outline, context);
  const found: Found[] = [];
  for (const rule of documentRules) {
    for (const finding of rule.check(subject, context)) found.push({ rule, outline, finding });
  }
  return found;
}

/** Most findings that are told of one file, and of all files: whoever reads them mends the first ones first. */
const mostOfFile = 100;
const mostInAll = 2_000;

interface LeftFindings {
  readonly file: string;
  readonly count: number;
  /** How many files they are in. */
  readonly files: number;
  readonly severity: Diagnostic['severity'];
}

/** Errors first. To find the place of each costs more than to find what is wrong, so what is left out has none. */
function keepSome(found: readonly Found[]): {
  readonly kept: readonly Found[];
  readonly left: readonly LeftFindings[];
} {
  const kept: Found[] = [];
  const left: LeftFindings[] = [];
  const unseen: Found[] = [];
  const unseenFiles = new Set<string>();
  for (const [file, all] of groupByFile(found)) {
    const room = Math.min(mostOfFile, mostInAll - kept.length);
    if (room <= 0) {
      unseenFiles.add(file);
      for (const one of all) unseen.push(one);
      continue;
    }
    const ordered = all.length > room ? all.toSorted((a, b) => rank(a) - rank(b)) : all;
    kept.push(...ordered.slice(0, room));
    const rest = ordered.slice(room);
    if (rest.length > 0) left.push(describeRest(file, rest, 1));
  }
  const [file] = unseenFiles;
  return { kept, left: file === undefined ? left : [...left, describeRest(file, unseen, unseenFiles.size)] };
}

/** Files with errors come first, as what is told ends somewhere. */
function groupByFile(found: readonly Found[]): readonly (readonly [string, readonly Found[]])[] {
  const byFile = new Map<string, Found[]>();
  for (const one of found) {
    const { file } = one.outline.document;
    const all = byFile.get(file);
    if (all === undefined) byFile.set(file, [one]);
    else all.push(one);
  }
  if (found.length <= mostInAll) return [...byFile];
  const ranked = [...byFile].map((group) => ({ group, rank: group[1].every((one) => rank(one) > 0) ? 1 : 0 }));
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ group }) => group);
}

function describeRest(file: string, rest: readonly Found[], files: number): LeftFindings {
  const severity = rest.some((one) => rank(one) === 0) ? 'error' : 'warning';
  return { file, count: rest.length, files, severity };
}

function rank(found: Found): number {
  return severityOf(found) === 'error' ? 0 : 1;
}

function severityOf({ rule, finding }: Found): Diagnostic['severity'] {
  return finding.severity ?? rule.severity;
}

function describeLeft({ file, count, files, severity }: LeftFindings): Diagnostic {
  const problems = `${count} more ${count === 1 ? 'problem' : 'problems'}`;
  return {
    severity,
    code: 'too-many-problems',
    message: 'More problems',
    detail:
      files === 1
        ? `The file has ${problems}, which are not shown.`
        : `This file and ${files - 1} ${files === 2 ? 'other' : 'others'} have ${problems}, which are not shown.`,
    hint: 'Mend those that are shown, and check again.',
    at: { file, line: 1, column: 1 },
  };
}

/** Of several complaints about one place only those stay that say something of their own. */
function keepBest(found: readonly Found[]): readonly Found[] {
  const better = found.filter(({ rule }) => rule.hides !== undefined);
  if (found.length < 2 || better.length === 0) return found;
  // A text with thousands of mistakes has one path for all of them.
  const pointers = new Map<Path, Pointer>();
  const settled = new Set(
    better.flatMap(({ finding }) => (pointers.has(finding.path) ? [] : prefixes(finding.path, pointers))),
  );
  const decided = new Set(
    better.filter(({ rule }) => rule.hides === 'all').map(({ finding }) => pointers.get(finding.path)),
  );
  return found.filter(({ rule, finding }) => {
    const place = pointers.get(finding.path) ?? toPointer(...finding.path);
    if (rule.code === 'wrong-type' || rule.code === 'unusual-value') return !settled.has(place);
    return rule.hides === 'all' || finding.part === 'key' || !decided.has(place);
  });
}

/** Pointers to a place and to all that it stands in; its own is noted down. */
function prefixes(path: Path, pointers: Map<Path, Pointer>): readonly Pointer[] {
  pointers.set(path, toPointer(...path));
  return [...path.keys(), path.length].map((length) => toPointer(...path.slice(0, length)));
}

function withReason(found: Found, reason: string): SilencedDiagnostic {
  return { ...toDiagnostic(found), reason };
}

function toDiagnostic({ rule, outline, finding }: Found): Diagnostic {
  const { detail, hint, related, severity = rule.severity } = finding;
  return {
    severity,
    code: rule.code,
    message: rule.message,
    detail,
    ...(hint === undefined ? {} : { hint }),
    at: placeOf(outline.document, finding),
    ...(related === undefined ? {} : { related }),
  };
}

function placeOf(document: ParsedDocument, { path, part = 'value', span }: Finding): Position {
  const whole = document.at(toPointer(...path), part);
  const value = span === undefined ? undefined : valueAt(document.value, path);
  return span === undefined || typeof value !== 'string' ? whole : narrowPosition(whole, value, span);
}

function compareDiagnostics(one: Diagnostic, other: Diagnostic): number {
  return (
    compare(one.at?.file ?? '', other.at?.file ?? '') ||
    compare(one.at?.line ?? 0, other.at?.line ?? 0) ||
    compare(one.at?.column ?? 0, other.at?.column ?? 0) ||
    compare(one.code, other.code) ||
    compare(one.detail, other.detail)
  );
}

function compare<T extends string | number>(one: T, other: T): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
