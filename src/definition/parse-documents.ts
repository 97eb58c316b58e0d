import { type Document, isScalar } from 'yaml';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import type { ParsedDocument, Pointer, Position } from '../model/position.ts';
import { composeDocuments, maxProblems } from './compose-documents.ts';
import { findCutValues } from './cut-values.ts';
import { findIgnoreComments } from './ignore-comments.ts';
import { countLines, locate, placeOfDocument, type TextLines } from './locate-node.ts';
import { locatePlain } from './plain-places.ts';
import { findForbidden, readNode } from './read-node.ts';
import { type PlainDocument, readPlainYaml } from './read-plain-yaml.ts';
import { settleNumbers, type UnspeakableNumber } from './convert/settle-numbers.ts';
import { describeSyntaxErrors, findConflictMarks, toDiagnostic, type YamlProblem } from './yaml-problem.ts';

/** How long a file may be, in UTF-16 code units. Files are kept below it in bytes where they are read. */
export const maxTextLength = 1024 * 1024;

interface ParsedFile {
  /** Only those without any error. Documents of comments only are left out. */
  readonly documents: readonly ParsedDocument[];
  /** Sorted by place; at most 100, all of them errors. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the YAML 1.2 (core schema) documents of a file. JSON is YAML, too.
 * Never throws and never builds more than a small multiple of the text, whatever the text is. `readNode` says what is refused,
 * `settleNumbers` what becomes of numbers.
 * Keeps the text and not the syntax tree: the first `at()` with a pointer parses again.
 *
 * @param file path relative to the workspace folder, for positions
 */
export function parseDocuments(file: string, text: string): ParsedFile {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  const plain = readPlainYaml(source);
  return plain === undefined
    ? readStream(file, source)
    : { documents: [asParsed(file, source, plain)], diagnostics: [] };
}

function asParsed(file: string, source: string, { value, line }: PlainDocument): ParsedDocument {
  const plain = { file, text: source };
  const describe = openDescriber(file, source, {
    count: () => countLines(file, source),
    locateIn: (_original, pointer, part) => locatePlain(plain, pointer, part),
  });
  return describe({ value, begin: { file, line, column: 1 }, original: 0 }, 0, 1);
}

/** What was read of a document. */
interface ReadDocument {
  readonly value: Json;
  readonly begin: Position;
  /** Which document of the text it is, those included that are left out. */
  readonly original: number;
}

/** How places are found in a text, by the reader that could read it. */
interface Finders {
  readonly count: () => TextLines;
  /** @param original which document of the text */
  readonly locateIn: (original: number, pointer: Pointer, part: 'value' | 'key') => Position;
}

/** Makes the documents of one file of what was read of them. */
function openDescriber(
  file: string,
  source: string,
  { count, locateIn }: Finders,
): (read: ReadDocument, index: number, total: number) => ParsedDocument {
  const comments = findIgnoreComments(source, count);
  const ignores = comments.length === 0 ? undefined : comments;
  const found = findCutValues(source);
  const cutValues = found.length === 0 ? undefined : found;
  return ({ value, begin, original }, index, total) => ({
    file,
    index,
    count: total,
    value,
    ignores,
    cutValues,
    at: (pointer, part = 'value') => (pointer === '' ? begin : locateIn(original, pointer, part)),
  });
}

/** By the library, which knows all of YAML and tells what is wrong. */
export function readStream(file: string, source: string): ParsedFile {
  const lines = countLines(file, source.slice(0, maxTextLength));
  const refusal = refuseText(source);
  if (refusal) return { documents: [], diagnostics: [toDiagnostic(refusal, lines)] };

  const { documents, problems } = composeDocuments(source);
  const read = documents.map((document, index) => readDocument(document, index, source));
  const sound = read.filter(({ isEmpty, problems: own }) => !isEmpty && own.length === 0);
  const describe = openDescriber(file, source, { count: () => lines, locateIn: rememberPlaces(file, source) });
  return {
    documents: sound.map(({ value, start, index: original }, index) =>
      describe({ value, begin: lines.position(start), original }, index, sound.length),
    ),
    diagnostics: withoutMarks([...problems, ...read.flatMap((document) => document.problems)], source)
      .toSorted((a, b) => a.start - b.start)
      .slice(0, maxProblems)
      .map((problem) => toDiagnostic(problem, lines)),
  };
}

/** Where git left its marks, all that is wrong follows from them. */
function withoutMarks(problems: readonly YamlProblem[], source: string): readonly YamlProblem[] {
  const marks = problems.some(({ code }) => code === 'yaml-syntax') ? findConflictMarks(source) : undefined;
  return marks === undefined ? problems : [marks];
}

function refuseText(text: string): YamlProblem | undefined {
  if (text.length > maxTextLength) {
    return {
      code: 'file-too-large',
      message: 'File is too large',
      detail: `The file is longer than ${maxTextLength / 1024 / 1024} MiB and was not read.`,
      start: 0,
      end: 0,
    };
  }
  const at = findForbidden(text);
  if (at === -1) return undefined;
  const code = text.codePointAt(at) ?? 0;
  return {
    code: 'control-character',
    message: 'Control character in the file',
    detail: `The character U+${code.toString(16).toUpperCase().padStart(4, '0')} is not allowed in a YAML file. Perhaps it is not a text file.`,
    start: at,
    end: at + 1,
  };
}

function readDocument(document: Document.Parsed, index: number, source: string) {
  const { contents, directives } = document;
  // What the library warns of about tags, readNode refuses.
  const warnings = document.warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED');
  const faults = [...describeSyntaxErrors([...document.errors, ...warnings].slice(0, maxProblems), source)];
  if (directives.yaml.version !== '1.2') faults.push(oldVersion(document));
  const { value: read, problems } = readNode(contents);
  const { value, unspeakable } = settleNumbers(read);
  return {
    index,
    value,
    start: contents?.range[0] ?? document.range[0],
    isEmpty: contents === null || (isScalar(contents) && contents.value === null && contents.source === ''),
    problems: [...faults, ...problems, ...unspeakable.slice(0, maxProblems).map((one) => notJson(document, one))],
  };
}

function notJson(document: Document.Parsed, { at, text }: UnspeakableNumber): YamlProblem {
  const { start, end = start } = locate(placeOfDocument(document), at, 'value');
  return {
    code: 'yaml-number',
    message: 'Number that JSON does not have',
    detail: `This value is sent as JSON, which can't express the number \`${text}\`.`,
    hint: 'Write it in decimal digits, such as 31, 0.5 or 1e3. If it should be text, put it in quotes.',
    start,
    end,
  };
}

function oldVersion({ range: [start] }: Document.Parsed): YamlProblem {
  return {
    code: 'yaml-version',
    message: 'Wrong YAML version',
    detail: 'Files are read as YAML 1.2. In an older version, `yes`, `on` and `012` would mean something else.',
    hint: 'Remove the %YAML line.',
    start,
    end: start + 1,
  };
}

function rememberPlaces(file: string, text: string): Finders['locateIn'] {
  // Weak, as thousands of files are open in one process and most are asked for a place once or never.
  let memory: WeakRef<{ readonly lines: TextLines; readonly documents: readonly Document.Parsed[] }> | undefined;
  const recall = () => {
    const known = memory?.deref();
    if (known) return known;
    const fresh = { lines: countLines(file, text), documents: composeDocuments(text).documents };
    memory = new WeakRef(fresh);
    return fresh;
  };
  return (original, pointer, part) => {
    const { lines, documents } = recall();
    const document = documents[original];
    if (!document) return lines.position(0);
    const { start, end } = locate(placeOfDocument(document), pointer, part);
    return lines.position(start, end);
  };
}
