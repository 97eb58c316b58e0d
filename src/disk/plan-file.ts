import { canonicalJson } from '../model/json.ts';
import { deepestJson, parseJson } from '../model/parse-json.ts';
import { actions, namedOptions, type Plan } from '../model/plan.ts';
import { UserError } from '../model/user-error.ts';
import { exists, readText, readTextFile } from './read-text.ts';
import { guardStatePath } from './state-folder.ts';
import { writeFileAtomically } from './write-file.ts';

/** Writes a plan as JSON. It holds no secret by construction; the mode is 0600 all the same. */
export async function writePlanFile(path: string, plan: Plan): Promise<void> {
  await writeFileAtomically(guardStatePath(path), `${canonicalJson(plan, 2)}\n`);
}

/**
 * Throws a UserError of kind `invalid` when something else than a plan is at the path: it would be overwritten.
 * An empty file is nothing, as is what is no file.
 */
export function guardForeignFile(path: string): void {
  if (!exists(path)) return;
  const read = readText(guardStatePath(path), largestPlan);
  if ('fault' in read && read.fault.code === 'not-a-file') return;
  const value = 'text' in read ? parseJson(read.text, { deepest: deepestPlan }) : undefined;
  const isEmpty = 'text' in read && read.text.trim() === '';
  // One of another version is a plan too.
  const isOurs =
    value?.ok === true && isRecord(value.value) && 'formatVersion' in value.value && 'changes' in value.value;
  if (isEmpty || isOurs) return;
  throw new UserError('not-a-plan', `${path} is there already, and it is no plan.`, {
    kind: 'invalid',
    hint: 'It was not overwritten, and nothing was sent. Name another file with --out, or remove this one first.',
  });
}

/** Reads a plan that `plan --out` wrote. Throws a UserError of kind `invalid` for anything else. */
export function readPlanFile(path: string): Plan {
  const value = parse(path, readTextFile(exists(path) ? guardStatePath(path) : path, largestPlan));
  if (isRecord(value) && value['offline'] !== undefined) {
    throw notAPlan(path, 'It was made with --offline, which compares only definitions and does not ask the platform.');
  }
  if (!isPlan(value)) throw notAPlan(path, 'It is JSON, but not a plan of format 1.0.');
  return value;
}

/** A plan of 50,000 changes is about 40 MB. */
const largestPlan = 64 * 1024 * 1024;
/** A value stands a few levels down, in a field of a change. */
const deepestPlan = deepestJson + 10;

function parse(path: string, text: string): unknown {
  const parsed = parseJson(text, { deepest: deepestPlan });
  if (!parsed.ok) throw notAPlan(path, parsed.why === 'too-deep' ? 'It is nested too deeply.' : 'It is not JSON.');
  return parsed.value;
}

type Members = Readonly<Record<string, unknown>>;

/** Checks what the comparison with the current plan and its report rely on; that comparison does the rest. */
function isPlan(value: unknown): value is Plan {
  if (!isRecord(value) || value['formatVersion'] !== '1.0') return false;
  const { target, summary, changes } = value;
  return (
    hasTexts(value, ['toolVersion', 'workspace', 'environment', 'digest'], ['commit']) &&
    isRecord(target) &&
    hasTexts(target, ['baseUrl'], ['account']) &&
    isRecord(summary) &&
    typeof summary['delete'] === 'number' &&
    namedOptions.every((option) => value[option] === undefined || isTextList(value[option])) &&
    Array.isArray(changes) &&
    changes.every(isChange)
  );
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isChange(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { fields, risks, notes, source = { file: '', line: 1 }, reason = { code: '' } } = value;
  return (
    hasTexts(value, ['key', 'digest', 'connector', 'name'], ['id', 'previousKey', 'previousEnvironment']) &&
    actions.some((action) => action === value['action']) &&
    isRecord(reason) &&
    hasTexts(reason, ['code']) &&
    isRemarkList(risks) &&
    isRemarkList(notes) &&
    isRecord(source) &&
    hasTexts(source, ['file']) &&
    typeof source['line'] === 'number' &&
    Array.isArray(fields) &&
    fields.every((field) => isRecord(field) && hasTexts(field, ['field', 'cause']))
  );
}

function isRemarkList(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => isRecord(one) && hasTexts(one, ['code']));
}

function hasTexts(members: Members, names: readonly string[], optional: readonly string[] = []): boolean {
  const isText = (name: string) => typeof members[name] === 'string';
  return names.every(isText) && optional.every((name) => members[name] === undefined || isText(name));
}

function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notAPlan(path: string, why: string): UserError {
  return new UserError('not-a-plan', `${path} is not a plan. ${why}`, {
    kind: 'invalid',
    hint: 'Create one with:\n  connectorctl plan --out FILE',
  });
}
