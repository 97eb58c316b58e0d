import type { Checked, Diagnostic } from '../../model/diagnostic.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import type { Position } from '../../model/position.ts';
import { answerToBody, isAnswer } from './answer-to-body.ts';
import { notAnObject, notJson, type Problem, textAfterBody } from './body-problems.ts';
import { type JsonReading, readJson } from './read-json.ts';
import { liveInstance, recognizeOther } from './recognize.ts';
import { settleNumbers } from './settle-numbers.ts';

/** The file, and how to name a place in it. */
export interface BodySource {
  readonly text: string;
  at(offset: number): Position;
}

/** Text with JSON in it, and where each of its characters stands in the source. */
export interface FoundBody {
  readonly text: string;
  offset(index: number): number;
}

/** A file without its byte order mark. */
export function openText(file: string, text: string): BodySource {
  const content = text.replace(/^\ufeff/, '');
  return { text: content, at: (offset) => positionIn(file, content, offset) };
}

/** Reads the body that stands in a text, and says what else stands there. */
export function readFound(source: BodySource, found: FoundBody): Checked<JsonObject> {
  const reading = readJson(found.text);
  if (!reading.ok)
    return failed(source, found.offset(reading.offset), notJson(reading.message, /^\s*[[{]/.test(found.text)));
  const rest = unexpectedRest(found.text, reading.end);
  if (rest !== undefined) return failed(source, found.offset(rest), textAfterBody);
  const { value: body } = settleNumbers(reading.value);
  const other = recognizeOther(body);
  if (other !== undefined) return failed(source, found.offset(0), other);
  if (!isJsonObject(body)) return failed(source, found.offset(0), notAnObject(body));
  const value = isAnswer(body) ? answerToBody(body) : body;
  const notes = noteProblems(reading, (offset) => source.at(found.offset(offset)));
  const live = liveInstance(body);
  const warnings = live === undefined ? [] : [{ ...live, at: source.at(found.offset(0)) }];
  return { ok: true, value, diagnostics: [...warnings, ...notes] };
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

/** What was read, with one more thing to know. */
export function withWarning(read: Checked<JsonObject>, at: Position, problem: Problem): Checked<JsonObject> {
  return { ...read, diagnostics: [{ ...problem, severity: 'warning', at }, ...read.diagnostics] };
}

/** Nothing was read, and why. */
export function failed(source: BodySource, offset: number, problem: Problem): Checked<JsonObject> {
  return { ok: false, diagnostics: [{ ...problem, at: source.at(offset) }] };
}

function positionIn(file: string, text: string, offset: number): Position {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
