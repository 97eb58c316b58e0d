import type { Checked, Diagnostic } from '../../model/diagnostic.ts';
import { isJsonObject, type JsonObject, toJsonObject } from '../../model/json.ts';
import type { Position } from '../../model/position.ts';
import { answerToBody, isAnswer } from './answer-to-body.ts';
import {
  emptyBody,
  severalCommands,
  noData,
  textAfterBody,
  unclosedQuote,
  unescapedQuotes,
  shellVariable,
  dataInFile,
  otherData,
  notACreate,
  notJson,
  notAnObject,
} from './body-problems.ts';
import type { Problem } from './body-problems.ts';
import { isCurl, parseCurl } from './parse-curl.ts';
import type { CurlCommand, CurlData } from './parse-curl.ts';
import { readJson } from './read-json.ts';
import type { JsonReading } from './read-json.ts';
import { settleNumbers } from './settle-numbers.ts';
import { readShellWords } from './shell-words.ts';

/** The file, and how to name a place in it. */
interface BodySource {
  readonly text: string;
  at(offset: number): Position;
}

/** Text with JSON in it, and where each of its characters stands in the source. */
interface FoundBody {
  readonly text: string;
  offset(index: number): number;
}

/**
 * Reads what somebody has at hand about one instance: the JSON body of `POST /instances`, a cURL command that sends it,
 * or what `GET /instances/{id}` answered (platform-api §3).
 * A byte order mark and the rest of a shell line after the body are put up with. Credentials of the command (headers, `-u`)
 * and an instance token are dropped here and are in no diagnostic.
 * @param file name for messages
 */
export function readBody(file: string, text: string): Checked<JsonObject> {
  const content = text.replace(/^\ufeff/, '');
  const source: BodySource = { text: content, at: (offset) => positionIn(file, content, offset) };
  if (content.trim() === '') return failed(source, 0, emptyBody);
  if (isCurl(content)) return readCommand(source);
  const quote = content.search(/\S/);
  const isQuoted = content[quote] === "'" || content.startsWith("$'", quote);
  return isQuoted ? readQuoted(source, quote) : readFound(source, { text: content, offset: (index) => index });
}

/** The body alone, still in the quotes of the shell. */
function readQuoted(source: BodySource, quote: number): Checked<JsonObject> {
  const word = readShellWords(source.text).words[0];
  if (!word) return readFound(source, { text: source.text.slice(quote + 1), offset: (index) => index + quote + 1 });
  return readWords(source, [{ option: '', word }]);
}

function readCommand(source: BodySource): Checked<JsonObject> {
  const command = parseCurl(source.text);
  const problem = refuseCommand(command);
  if (problem) return failed(source, problem.offset, problem.problem);
  const read = readWords(source, command.data, command.unclosed);
  if (!read.ok) return read;
  const { connector, method } = command;
  const isNamed = 'element' in read.value || connector === undefined;
  const value = isNamed ? read.value : withConnector(read.value, connector);
  const isPartial = method !== undefined && method !== 'POST';
  return isPartial ? withWarning({ ...read, value }, source.at(0), notACreate(method)) : { ...read, value };
}

function refuseCommand(command: CurlCommand): { readonly problem: Problem; readonly offset: number } | undefined {
  if (command.several) return { problem: severalCommands, offset: 0 };
  if (command.otherData !== undefined) return { problem: otherData(command.otherData), offset: 0 };
  if (command.data.length === 0) return { problem: noData, offset: 0 };
  const fromFile = command.data.find(({ option, word }) => option !== '--data-raw' && word.text.startsWith('@'));
  return fromFile && { problem: dataInFile(fromFile.word.text.slice(1)), offset: fromFile.word.start };
}

/**
 * Reads the data as the shell would have handed it on. Bodies are often pasted into single quotes without escaping the quotes
 * that the poller's date patterns need; no shell would send such a command, so the text is then taken as written.
 */
function readWords(source: BodySource, data: readonly CurlData[], unclosed?: number): Checked<JsonObject> {
  const found = join(data);
  const isSure = unclosed === undefined && !data.some(({ word }) => word.expands);
  const strict = isSure ? readJson(found.text) : undefined;
  if (strict?.ok === true) return readFound(source, found);
  const start = (data[0]?.word.start ?? 0) + 1;
  if (source.text[start - 1] === "'" && readJson(source.text, start).ok) {
    const raw: FoundBody = { text: source.text.slice(start), offset: (index) => index + start };
    return withWarning(readFound(source, raw), source.at(start - 1), unescapedQuotes);
  }
  if (unclosed !== undefined) return failed(source, unclosed, unclosedQuote);
  const read = readFound(source, found);
  return isSure ? read : withWarning(read, source.at(start - 1), shellVariable);
}

/** As curl joins several pieces: `--json` end to end, everything else with `&`. */
function join(data: readonly CurlData[]): FoundBody {
  const offsets: number[] = [];
  let text = '';
  for (const { option, word } of data) {
    if (text !== '' && option !== '--json') {
      text += '&';
      offsets.push(word.start);
    }
    text += word.text;
    // One at a time: a body may be longer than a call may have arguments.
    for (const offset of word.offsets) offsets.push(offset);
  }
  const end = offsets.at(-1) ?? 0;
  return { text, offset: (index) => offsets[index] ?? end + 1 };
}

function readFound(source: BodySource, found: FoundBody): Checked<JsonObject> {
  const reading = readJson(found.text);
  if (!reading.ok) return failed(source, found.offset(reading.offset), notJson(reading.message));
  const rest = unexpectedRest(found.text, reading.end);
  if (rest !== undefined) return failed(source, found.offset(rest), textAfterBody);
  const { value: body } = settleNumbers(reading.value);
  if (!isJsonObject(body)) return failed(source, found.offset(0), notAnObject(body));
  const value = isAnswer(body) ? answerToBody(body) : body;
  return { ok: true, value, diagnostics: noteProblems(reading, (offset) => source.at(found.offset(offset))) };
}

/** Offset of text after the body that is no rest of a shell line: a quote, `;`, a pipe or a redirection. */
function unexpectedRest(text: string, end: number): number | undefined {
  if (/^\s*['"]?\s*(?:[;|>&][^{}]*|-[^{}]*|\\\s*|https?:[^{}]*)?$/.test(text.slice(end))) return undefined;
  return end + text.slice(end).search(/\S/);
}

function noteProblems(reading: JsonReading, at: (offset: number) => Position): readonly Diagnostic[] {
  if (!reading.ok) return [];
  return reading.notes.map(({ code, offset, key }) => ({
    severity: 'warning',
    code,
    message: code === 'trailing-comma' ? 'Comma before a closing bracket' : 'Duplicate key',
    detail:
      code === 'trailing-comma'
        ? 'JSON does not allow a comma before a closing bracket. It was ignored.'
        : `${JSON.stringify(key)} appears twice in the same object. The last value is used.`,
    at: at(offset),
  }));
}

function withConnector(body: JsonObject, key: string): JsonObject {
  return toJsonObject([['element', { key }], ...Object.entries(body)]);
}

function withWarning(read: Checked<JsonObject>, at: Position, problem: Problem): Checked<JsonObject> {
  return { ...read, diagnostics: [{ ...problem, severity: 'warning', at }, ...read.diagnostics] };
}

function failed(source: BodySource, offset: number, problem: Problem): Checked<JsonObject> {
  return { ok: false, diagnostics: [{ ...problem, at: source.at(offset) }] };
}

function positionIn(file: string, text: string, offset: number): Position {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
