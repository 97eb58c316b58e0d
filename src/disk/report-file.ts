import type { ApplyResult, Failure, Outcome, SkipReason } from '../model/apply.ts';
import { type Diagnostic, isError } from '../model/diagnostic.ts';
import type { FormerSubscription, FormerSubscriptions } from '../model/former-subscription.ts';
import type { Change, Plan, UnchangedInstance } from '../model/plan.ts';
import type { Position } from '../model/position.ts';
import { UserError } from '../model/user-error.ts';
import { hasTexts, isPlan, isRecord, type Members } from './decode-plan.ts';
import { parsePlanJson } from './plan-file.ts';

/** What `plan` or `apply` printed with `--format json`, or `plan --out` wrote. */
export interface Report {
  readonly plan: Plan;
  readonly unchanged?: readonly UnchangedInstance[] | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** What an apply did; absent where only a plan was made. */
  readonly applied?: ApplyResult | undefined;
  /** Why an apply would refuse, or has refused, all of the plan. */
  readonly refusal?: string | undefined;
}

/**
 * Reads how a `plan` or an `apply` ended. The words beside the codes are left out, as any version says them in its own.
 * Throws a UserError of kind `invalid` where nothing was planned: a report of all must not pass over what ended in an error.
 */
export function readReport(path: string): Report {
  const value = parsePlanJson(path, noReport);
  if (!isRecord(value)) throw noReport(path, 'It is JSON, but no report of connectorctl.');
  const isBare = 'changes' in value;
  const plan = withoutWords(isBare ? value : value['plan']);
  if (plan === undefined) throw noReport(path, explainMissing(value));
  if (plan.offline !== undefined) throw noReport(path, 'It was made with --offline, which does not ask the platform.');
  if (isBare) return { plan, diagnostics: [] };
  const { unchanged, result } = value;
  return {
    plan,
    unchanged: Array.isArray(unchanged) ? unchanged.filter(isUnchanged) : undefined,
    diagnostics: listOf(value['diagnostics'], toDiagnostic),
    applied: isRecord(result) ? toApplied(path, result, plan) : undefined,
    refusal: messageOf(value['error']),
  };
}

function explainMissing(value: Members): string {
  const why = messageOf(value['error']) ?? listOf(value['diagnostics'], toDiagnostic).find(isError)?.message;
  return why === undefined ? 'It holds no plan of format 1.0.' : `It holds no plan, but how the run ended: ${why}`;
}

function messageOf(error: unknown): string | undefined {
  return isRecord(error) && hasTexts(error, ['message']) ? String(error['message']) : undefined;
}

const words: ReadonlySet<string> = new Set(['message', 'hint']);

/** A plan as it was before it was explained; undefined when it is none. */
function withoutWords(value: unknown): Plan | undefined {
  if (!isRecord(value)) return undefined;
  const plain = { ...value, changes: each(value['changes'], silence) };
  return isPlan(plain) ? plain : undefined;
}

function silence(change: unknown): unknown {
  if (!isRecord(change)) return change;
  const { fields, risks, notes, reason } = change;
  return {
    ...change,
    fields: each(fields, silenceField),
    risks: each(risks, omitWords),
    notes: each(notes, omitWords),
    ...(reason === undefined ? {} : { reason: omitWords(reason) }),
  };
}

function silenceField(field: unknown): unknown {
  return isRecord(field) && 'meaning' in field ? { ...field, meaning: omitWords(field['meaning']) } : field;
}

function each(values: unknown, change: (value: unknown) => unknown): unknown {
  return Array.isArray(values) ? values.map(change) : values;
}

function omitWords(coded: unknown): unknown {
  if (!isRecord(coded)) return coded;
  return Object.fromEntries(Object.entries(coded).filter(([name]) => !words.has(name)));
}

function toApplied(path: string, { outcomes, interrupted, subscriptions }: Members, plan: Plan): ApplyResult {
  const changes = new Map(plan.changes.map((change) => [change.key, change]));
  const told = Array.isArray(outcomes) ? outcomes : [];
  return {
    interrupted: interrupted === true,
    ...(isRecord(subscriptions) ? { subscriptions: toFormer(path, subscriptions) } : {}),
    // What the plan itself leaves out is named anew by whoever shows it.
    outcomes: told.flatMap((one) =>
      isRecord(one) && one['status'] === 'left-out' ? [] : [toOutcome(path, one, changes)],
    ),
  };
}

function toFormer(path: string, { pruned, found, problem }: Members): FormerSubscriptions {
  const decoded = listOf(found, toFormerOne);
  if (!Array.isArray(found) || decoded.length !== found.length) {
    throw noReport(path, 'What it says of former callbacks is not understood.');
  }
  return { pruned: pruned === true, found: decoded, problem: typeof problem === 'string' ? problem : undefined };
}

function toFormerOne(value: Members): FormerSubscription | undefined {
  const { key, instanceId, id, url, active, status, message } = value;
  const known = (['left', 'removed', 'failed'] as const).find((one) => one === status);
  if (known === undefined || typeof key !== 'string' || typeof instanceId !== 'string') return undefined;
  if (typeof id !== 'string' || typeof url !== 'string') return undefined;
  const why = typeof message === 'string' ? message : undefined;
  return { key, instanceId, id, url, active: active === true, status: known, message: why };
}

const statuses = ['succeeded', 'unverified', 'refused', 'skipped', 'failed', 'unclear'] as const;

function toOutcome(path: string, value: unknown, changes: ReadonlyMap<string, Change>): Outcome {
  const one = isRecord(value) && hasTexts(value, ['key', 'status'], ['id']) ? value : {};
  const status = statuses.find((known) => known === one['status']);
  const change = changes.get(String(one['key']));
  if (status === undefined || change === undefined) throw noReport(path, 'Its result is not that of its plan.');
  const { id, reason, failure } = one;
  return {
    change,
    status,
    ...(typeof id === 'string' ? { id } : {}),
    ...(isSkipReason(reason) ? { reason: { code: reason.code } } : {}),
    ...(isFailure(failure) ? { failure } : {}),
  };
}

const skipped: ReadonlySet<unknown> = new Set<SkipReason['code']>([
  'interrupted',
  'stopped',
  'credentials-refused',
  'drift-left',
]);

function isSkipReason(value: unknown): value is SkipReason {
  return isRecord(value) && skipped.has(value['code']);
}

/** With its words, as a failure that was worded where it happened. */
function isFailure(value: unknown): value is Failure {
  return isRecord(value) && hasTexts(value, ['code', 'message'], ['hint', 'requestId']);
}

function isUnchanged(value: unknown): value is UnchangedInstance {
  return isRecord(value) && hasTexts(value, ['key', 'connector', 'name', 'id']);
}

function listOf<T>(value: unknown, decode: (one: Members) => T | undefined): readonly T[] {
  return Array.isArray(value) ? value.flatMap((one) => (isRecord(one) ? (decode(one) ?? []) : [])) : [];
}

function toDiagnostic(value: Members): Diagnostic | undefined {
  if (!hasTexts(value, ['severity', 'code', 'message', 'detail'], ['hint'])) return undefined;
  const { severity, code, message, detail, hint, related } = value;
  const others = listOf(related, toRelated);
  const at = toPlace(value);
  return {
    severity: severity === 'error' ? 'error' : 'warning',
    code: String(code),
    message: String(message),
    detail: String(detail),
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(at === undefined ? {} : { at }),
    ...(others.length === 0 ? {} : { related: others }),
  };
}

function toRelated(value: Members): { readonly message: string; readonly at: Position } | undefined {
  const at = toPlace(value);
  return at === undefined ? undefined : { message: String(value['message']), at };
}

function toPlace({ file, line, column, endLine, endColumn }: Members): Position | undefined {
  if (typeof file !== 'string') return undefined;
  const [from, start] = [Number(line ?? 1), Number(column ?? 1)];
  return { file, line: from, column: start, endLine: Number(endLine ?? from), endColumn: Number(endColumn ?? start) };
}

function noReport(path: string, why: string): UserError {
  return new UserError('not-a-report', `${path} is not the report of a plan or an apply. ${why}`, {
    kind: 'invalid',
    hint: 'Write one for each shard:\n  connectorctl plan --shard 1/4 --format json',
  });
}
