import { isJsonObject } from '../model/json.ts';
import type { Failure, FailureArguments, FoundFailure, Outcome, SkipReason } from '../model/apply.ts';
import { type Action, actions } from '../model/plan.ts';
import { type RunEvent, runRecordVersion, type UnknownRunEvent } from '../model/run-record.ts';
import { disarmJson } from '../model/visible.ts';
import { readLines } from './read-lines.ts';

/** An event as one line of JSON without a line feed; printing it can do nothing to a terminal. */
export function encodeRunEvent(event: RunEvent): string {
  const { time, run, ...rest } = event;
  return disarmJson(JSON.stringify({ v: runRecordVersion, time, run, ...rest }));
}

/**
 * Reads a line of a run record; undefined when it is none.
 * What a later version wrote, or says in a way that is not known here, becomes `unknown` and is never guessed at.
 */
export function decodeRunEvent(line: string): RunEvent | UnknownRunEvent | undefined {
  const members = parse(line);
  if (members === undefined) return undefined;
  const { v, time, run, event, key } = members;
  const isLine = typeof v === 'number' && isTime(time) && typeof run === 'string' && typeof event === 'string';
  if (!isLine) return undefined;
  const unknown: UnknownRunEvent = {
    time,
    run,
    event: 'unknown',
    kind: event,
    ...(typeof key === 'string' ? { key } : {}),
  };
  return v === runRecordVersion ? (decodeKnown(event, { time, run }, members) ?? unknown) : unknown;
}

type LineMembers = Readonly<Record<string, unknown>>;
type LineHead = Pick<RunEvent, 'time' | 'run'>;

function parse(line: string): LineMembers | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // No JSON: a line of something else, or one that breaks off. The reader counts it.
    return undefined;
  }
}

function decodeKnown(event: string, head: LineHead, members: LineMembers): RunEvent | undefined {
  switch (event) {
    case 'run-started':
      return decodeRunStarted(head, members);
    case 'started':
      return decodeStarted(head, members);
    case 'request-sent':
    case 'request':
      return decodeRequest(event, head, members);
    case 'outcome':
      return decodeOutcome(head, members);
    case 'run-ended':
      return decodeRunEnded(head, members);
    default:
      return undefined;
  }
}

function decodeRunStarted(head: LineHead, members: LineMembers): RunEvent | undefined {
  const texts = readTexts(members, ['toolVersion', 'workspace', 'environment', 'baseUrl', 'digest']);
  if (texts === undefined) return undefined;
  const more = readSome(members, ['account', 'commit', 'actor', 'job']);
  return { ...head, event: 'run-started', ...texts, planned: readCounts(members['planned']), ...more };
}

function decodeStarted(head: LineHead, members: LineMembers): RunEvent | undefined {
  const texts = readTexts(members, ['key', 'connector', 'name']);
  const { action } = members;
  if (texts === undefined || !isAction(action)) return undefined;
  return { ...head, event: 'started', ...texts, action, ...readSome(members, ['id', 'previousKey']) };
}

function decodeRequest(event: 'request-sent' | 'request', head: LineHead, members: LineMembers): RunEvent | undefined {
  const texts = readTexts(members, ['key', 'method', 'path']);
  const { attempt, status, durationMs } = members;
  if (texts === undefined || !isNumber(attempt)) return undefined;
  if (event === 'request-sent') return { ...head, event, ...texts, attempt };
  if (!isNumber(durationMs)) return undefined;
  const answer = { ...(isNumber(status) ? { status } : {}), ...readSome(members, ['requestId']) };
  return { ...head, event, ...texts, attempt, ...answer, durationMs };
}

function decodeOutcome(head: LineHead, members: LineMembers): RunEvent | undefined {
  const texts = readTexts(members, ['key']);
  const { action, status, durationMs } = members;
  if (texts === undefined || !isAction(action) || !isStatus(status)) return undefined;
  const reason = readReason(members['reason']);
  const failure = readFailure(members['failure']);
  // A code of a later version: half an outcome would be a guess.
  if (reason === 'unknown' || failure === 'unknown') return undefined;
  return {
    ...head,
    event: 'outcome',
    ...texts,
    action,
    status,
    ...readSome(members, ['id']),
    ...(reason === undefined ? {} : { reason }),
    ...(failure === undefined ? {} : { failure }),
    ...(isNumber(durationMs) ? { durationMs } : {}),
  };
}

function decodeRunEnded(head: LineHead, members: LineMembers): RunEvent | undefined {
  const { end, exitCode, interrupted, durationMs } = members;
  if (end !== 'applied' && end !== 'declined' && end !== 'failed') return undefined;
  if (!isNumber(exitCode) || !isNumber(durationMs) || typeof interrupted !== 'boolean') return undefined;
  const counts = readCounts(members['counts']);
  return {
    ...head,
    event: 'run-ended',
    end,
    exitCode,
    counts,
    interrupted,
    durationMs,
    ...readSome(members, ['message']),
  };
}

function readReason(value: unknown): SkipReason | 'unknown' | undefined {
  if (value === undefined) return undefined;
  const code = isJsonObject(value) ? value['code'] : undefined;
  return code === 'interrupted' || code === 'stopped' || code === 'credentials-refused' || code === 'drift-left'
    ? { code }
    : 'unknown';
}

function readFailure(value: unknown): Failure | 'unknown' | undefined {
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) return 'unknown';
  const worded = readTexts(value, ['code', 'message']);
  if (worded !== undefined) return { ...worded, ...readSome(value, ['requestId', 'hint']) };
  const facts = factsByCode.get(value['code']);
  return (facts && readFound(value, facts)) ?? 'unknown';
}

type FactCheck = (fact: unknown) => boolean;
type Facts = Readonly<Record<string, FactCheck>>;

/** How each argument of each failure looks. One that is missing here does not compile. */
const failureFacts: {
  readonly [Code in keyof FailureArguments]: { readonly [Name in keyof FailureArguments[Code]]-?: FactCheck };
} = {
  'tag-not-kept': { id: isText, tag: isText, cutAt: isMaybeNumber },
  'not-taken': { id: isText, fields: isTexts, complaint: isMaybeText },
  'keys-lost': { id: isText, fields: isTexts },
  'user-tags-lost': { id: isText, tags: isTexts },
  'own-fault': { fault: isText },
  'create-unclear': { key: isText, lookUp: isMaybeText },
  'key-taken': { id: isText, key: isText },
  'duplicate-instances': { key: isText, ids: isTexts },
  'delete-unclear': { id: isText, refusal: isMaybeText, lookUp: isText },
  'still-there': { id: isText },
  'instance-in-use': { id: isText, users: isTexts },
  'owner-changed': { id: isText, tags: isTexts, expected: isTexts },
  'key-not-free': { key: isText },
  'successor-not-made': { key: isText },
  'read-back-missing': { id: isText },
  'not-listed': { id: isText },
  'read-back-differs': {
    id: isText,
    missing: isTexts,
    added: isTexts,
    appliedValues: isFlag,
    cutAt: isMaybeNumber,
    mostTags: isMaybeNumber,
  },
  'read-back-failed': { lookUp: isText },
  'ping-failed': { id: isText, answer: isText, key: isMaybeText },
  'grant-refused': { key: isText, id: isMaybeText, answer: isText },
  'stopped-at-once': { key: isText, action: isAction, id: isMaybeText },
};

const factsByCode: ReadonlyMap<unknown, Facts> = new Map(Object.entries(failureFacts));

/** Nothing but what belongs to the code, so that a line from elsewhere cannot pass for words. */
function readFound(members: LineMembers, facts: Facts): FoundFailure | undefined {
  const names = ['code', 'requestId', ...Object.keys(facts)].filter((name) => members[name] !== undefined);
  const failure = Object.fromEntries(names.map((name) => [name, members[name]]));
  return isFound(failure, facts) ? failure : undefined;
}

function isFound(members: LineMembers, facts: Facts): members is LineMembers & FoundFailure {
  return isMaybeText(members['requestId']) && Object.entries(facts).every(([name, isFact]) => isFact(members[name]));
}

function readTexts<Name extends string>(
  members: LineMembers,
  names: readonly Name[],
): Readonly<Record<Name, string>> | undefined {
  const texts = readSome(members, names);
  return hasAll(texts, names) ? texts : undefined;
}

function readSome<Name extends string>(
  members: LineMembers,
  names: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const texts: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = members[name];
    if (typeof value === 'string') texts[name] = value;
  }
  return texts;
}

function hasAll<Name extends string>(
  texts: Readonly<Partial<Record<Name, string>>>,
  names: readonly Name[],
): texts is Readonly<Record<Name, string>> {
  return names.every((name) => texts[name] !== undefined);
}

function readCounts(value: unknown): Readonly<Record<string, number>> {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.flatMap(([name, count]) => (isNumber(count) ? [[name, count] as const] : [])));
}

const knownActions: ReadonlySet<unknown> = new Set(actions);
const knownStatuses: Readonly<Record<Outcome['status'], true>> = {
  succeeded: true,
  unverified: true,
  refused: true,
  'left-out': true,
  skipped: true,
  failed: true,
  unclear: true,
};

function isAction(value: unknown): value is Action {
  return knownActions.has(value);
}

function isStatus(value: unknown): value is Outcome['status'] {
  return typeof value === 'string' && Object.hasOwn(knownStatuses, value);
}

function isTime(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isMaybeText(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isMaybeNumber(value: unknown): boolean {
  return value === undefined || isNumber(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** One line of a run record; `torn`: the file ends within it, `foreign`: it is no line of a run record. */
export type RecordLine =
  | { readonly number: number; readonly event: RunEvent | UnknownRunEvent }
  | { readonly number: number; readonly fault: 'torn' | 'foreign' };

/**
 * Reads a run record line by line; blank lines are passed over.
 * A line that cannot be read is reported and never thrown. Throws a UserError of kind `invalid` when the file cannot be read.
 */
export function* readRunRecord(file: string): Generator<RecordLine, void> {
  for (const { number, text, complete } of readLines(file)) {
    if (text?.trim() === '') continue;
    const event = text === undefined ? undefined : decodeRunEvent(text);
    if (event !== undefined) yield { number, event };
    else yield { number, fault: complete ? 'foreign' : 'torn' };
  }
}
