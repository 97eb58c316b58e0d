import type { Checked, Diagnostic } from '../../model/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject, toJsonObject } from '../../model/json.ts';
import { answerToBody, isAnswer } from './answer-to-body.ts';
import {
  isDefinition,
  emptyBody,
  severalCommands,
  noData,
  unclosedQuote,
  unescapedQuotes,
  shellVariable,
  dataInFile,
  otherData,
  notACreate,
  faultyBody,
  formulaCommand,
  noCreate,
  requestsLeft,
  variablesLeft,
} from './body-problems.ts';
import type { Problem } from './body-problems.ts';
import { findAssignment, findCommands, findHereDocument, type PageCommand } from './find-commands.ts';
import { type BodySource, failed, type FoundBody, openText, readFound, withWarning } from './found-body.ts';
import { parseCurl } from './parse-curl.ts';
import type { CurlCommand, CurlData } from './parse-curl.ts';
import { readJson } from './read-json.ts';
import { type PostmanRequest, postmanItems, readPostman } from './read-postman.ts';
import { bodyOf, isPowerShell, readPowerShell } from './read-powershell.ts';
import { connectorOfUrl, describeRequest, kindOfRequest, type RequestKind } from './request-kind.ts';
import { settleNumbers } from './settle-numbers.ts';
import { readShellWords } from './shell-words.ts';

/**
 * Reads what somebody has at hand about one instance: the JSON body of `POST /instances`, a cURL or PowerShell command that sends it,
 * a page with such a command among others, or what `GET /instances/{id}` answered (platform-api §3).
 * A byte order mark and the rest of a shell line after the body are put up with. Credentials of the command (headers, `-u`)
 * and an instance token are dropped here and are in no diagnostic.
 * @param file name for messages
 */
export function readBody(file: string, text: string): Checked<JsonObject> {
  const [first = failed(openText(file, text), 0, emptyBody)] = readBodies(file, text);
  return first;
}

/** As `readBody`, of a text that may make several instances: a Postman collection. At least one. */
export function readBodies(file: string, text: string): readonly Checked<JsonObject>[] {
  const source = openText(file, text);
  if (source.text.trim() === '') return [failed(source, 0, emptyBody)];
  if (/^\s*\{/.test(source.text)) {
    const reading = readJson(source.text);
    const items = reading.ok ? postmanItems(reading.value) : undefined;
    if (items !== undefined) return readCollection(source, items);
  }
  return [readOne(source)];
}

function readOne(source: BodySource): Checked<JsonObject> {
  const content = source.text;
  if (!/^\s*[{[]/.test(content)) {
    const commands = findCommands(content);
    if (commands.length > 0) return readPage(source, commands);
    if (isPowerShell(content)) return readScript(source);
  }
  if (/^connector:[ \t]+\S/m.test(content) && /^(?:name|configuration):/m.test(content))
    return failed(source, 0, isDefinition);
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

/** All cURL commands of a page: the one that creates is read, the others are named. */
function readPage(source: BodySource, commands: readonly PageCommand[]): Checked<JsonObject> {
  const parsed = commands.map((command) => ({ ...command, parsed: parseCurl(command.text) }));
  const [only] = parsed;
  if (only !== undefined && parsed.length === 1) return readCommand(part(source, only), source.text);
  const kindOf = ({ parsed: { method, url, data } }: (typeof parsed)[number]): RequestKind =>
    kindOfRequest(method, url, data.length > 0);
  const { creating, others } = chooseCreating(parsed, kindOf);
  const names = others.map(({ parsed: { method, url, data }, start }) =>
    describeRequest(method ?? (data.length > 0 ? 'POST' : 'GET'), url, source.at(start).line),
  );
  const [chosen, second] = creating;
  if (chosen === undefined) return failed(source, only?.start ?? 0, noCreate(names));
  if (second !== undefined) return failed(source, second.start, severalCommands);
  const read = readCommand(part(source, chosen), source.text);
  return withWarning(read, source.at(others[0]?.start ?? 0), requestsLeft(names));
}

function part(source: BodySource, { start, text }: PageCommand): BodySource {
  return { text, at: (offset) => source.at(start + offset) };
}

/** The requests that create an instance, or else those that may, and the rest. */
function chooseCreating<T>(
  requests: readonly T[],
  kindOf: (request: T) => RequestKind,
): { readonly creating: readonly T[]; readonly others: readonly T[] } {
  const sure = requests.filter((one) => kindOf(one) === 'create');
  const creating = sure.length > 0 ? sure : requests.filter((one) => kindOf(one) === 'unknown');
  return { creating, others: requests.filter((one) => !creating.includes(one)) };
}

function readScript(source: BodySource): Checked<JsonObject> {
  const requests = readPowerShell(source.text);
  const known = requests.map((request) => ({ request, body: bodyOf(request) }));
  const kindOf = ({ request: { method, url, body } }: (typeof known)[number]): RequestKind =>
    kindOfRequest(method ?? 'GET', url, body !== undefined);
  const { creating, others } = chooseCreating(known, kindOf);
  const names = others.map(({ request }) =>
    describeRequest(request.method ?? 'GET', request.url, source.at(request.start).line),
  );
  const [chosen, second] = creating;
  const first = known[0]?.request;
  if (chosen === undefined) {
    const isFormula = known.length === 1 && /\/formulas\//.test(first?.url ?? '');
    return failed(source, first?.start ?? 0, isFormula ? formulaCommand : noCreate(names));
  }
  if (second !== undefined) return failed(source, second.request.start, severalCommands);
  const { body, request } = chosen;
  const at = source.at(request.start);
  if (body === undefined) return failed(source, request.start, noData);
  if ('fault' in body) return failed(source, request.start, faultyBody('the request', body.fault));
  const value = named(toBody(body.value), connectorOfUrl(request.url));
  const read: Checked<JsonObject> = { ok: true, value, diagnostics: [] };
  return names.length === 0 ? read : withWarning(read, at, requestsLeft(names));
}

function readCollection(source: BodySource, items: readonly Json[]): readonly Checked<JsonObject>[] {
  const requests = readPostman(items);
  const creating = requests.filter(({ creates }) => creates);
  const offsetOf = ({ name }: PostmanRequest): number => Math.max(0, source.text.indexOf(JSON.stringify(name)));
  const others = requests
    .filter((one) => !creating.includes(one))
    .map((one) => describeRequest(one.method, one.url, source.at(offsetOf(one)).line));
  const [first] = creating;
  if (first === undefined) {
    const isFormula = requests.length === 1 && /\/formulas\//.test(requests[0]?.url ?? '');
    return [failed(source, 0, isFormula ? formulaCommand : noCreate(others.length === 0 ? ['no request'] : others))];
  }
  return creating.map((request) => {
    const { body, url, variables } = request;
    const offset = offsetOf(request);
    const line = `the request on line ${source.at(offset).line}`;
    if (body === undefined) return failed(source, offset, { ...noData, detail: `${upper(line)} has no body.` });
    if ('fault' in body) return failed(source, offset, faultyBody(line, body.fault));
    const found: readonly Problem[] = [
      ...(request === first && others.length > 0 ? [requestsLeft(others)] : []),
      ...(variables.length > 0 ? [variablesLeft(variables.map((name) => `{{${name}}}`))] : []),
    ];
    const diagnostics = found.map((problem): Diagnostic => Object.assign({}, problem, { at: source.at(offset) }));
    return { ok: true, value: named(toBody(body.value), connectorOfUrl(url)), diagnostics };
  });
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The body with the connector of the address, unless it names one itself. */
function named(body: JsonObject, connector: string | undefined): JsonObject {
  const isNamed = 'element' in body || 'connector' in body || connector === undefined;
  return isNamed ? body : withConnector(body, connector);
}

function toBody(value: JsonObject): JsonObject {
  const { value: body } = settleNumbers(value);
  if (!isJsonObject(body)) return value;
  return isAnswer(body) ? answerToBody(body) : body;
}

/** @param page the whole text, in which variables of the command may be set */
function readCommand(source: BodySource, page: string): Checked<JsonObject> {
  const command = parseCurl(source.text);
  if (/\/formulas\//.test(command.url)) return failed(source, 0, formulaCommand);
  const here = command.data.some(({ word }) => word.text === '@-') ? findHereDocument(source.text) : undefined;
  const problem = here === undefined ? refuseCommand(command) : undefined;
  if (problem) return failed(source, problem.offset, problem.problem);
  const read =
    here === undefined
      ? readWords(source, setVariables(command.data, page), command.unclosed)
      : readFound(source, { text: here.text, offset: (index) => here.start + index });
  if (!read.ok) return read;
  const { connector, method } = command;
  const value = named(read.value, connector);
  const isPartial = method !== undefined && method !== 'POST';
  return isPartial ? withWarning({ ...read, value }, source.at(0), notACreate(method)) : { ...read, value };
}

/** `"$BODY"` as what the page sets it to; anything else as it is. */
function setVariables(data: readonly CurlData[], page: string): readonly CurlData[] {
  return data.map((one) => {
    const isVariable = one.word.expands && /^\$\{?\w+\}?$/.test(one.word.text);
    const word = isVariable ? findAssignment(page, one.word.text) : undefined;
    return word === undefined ? one : { ...one, word };
  });
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

function withConnector(body: JsonObject, key: string): JsonObject {
  return toJsonObject([['element', { key }], ...Object.entries(body)]);
}
