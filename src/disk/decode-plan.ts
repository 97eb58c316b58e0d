import { deepestJson } from '../model/parse-json.ts';
import { actions, namedOptions, type Plan } from '../model/plan.ts';
import { parseShard } from '../model/shard.ts';

/** Bytes. A plan of 50,000 changes is about 40 MB. */
export const largestPlan = 64 * 1024 * 1024;
/** A value stands a few levels down, in a field of a change. */
export const deepestPlan = deepestJson + 10;

export type Members = Readonly<Record<string, unknown>>;

/** Checks what the comparison with the current plan and its report rely on; that comparison does the rest. */
export function isPlan(value: unknown): value is Plan {
  if (!isRecord(value) || value['formatVersion'] !== '1.0') return false;
  const { target, summary, changes } = value;
  return (
    hasTexts(value, ['toolVersion', 'workspace', 'environment', 'digest'], ['commit']) &&
    isRecord(target) &&
    hasTexts(target, ['baseUrl'], ['account']) &&
    isRecord(summary) &&
    typeof summary['delete'] === 'number' &&
    namedOptions.every((option) => value[option] === undefined || isTextList(value[option])) &&
    isShard(value['shard']) &&
    Array.isArray(changes) &&
    changes.every(isChange)
  );
}

function isShard(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && parseShard(value) !== undefined);
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

export function hasTexts(members: Members, names: readonly string[], optional: readonly string[] = []): boolean {
  const isText = (name: string) => typeof members[name] === 'string';
  return names.every(isText) && optional.every((name) => members[name] === undefined || isText(name));
}

export function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
