import { isJsonObject } from '../../model/json.ts';
import type { StoredFormulaInstance, StoredInstance } from './stored-instance.ts';

/** One line of the journal: a change that is whole or not there. */
export type StateRecord =
  | {
      readonly op: 'start';
      readonly version: 1;
      /** From which tokens are derived. */
      readonly seed: string;
      /** Ids are never given twice, also after a deletion. */
      readonly nextId: number;
      readonly usedCodes: readonly string[];
    }
  | {
      readonly op: 'put';
      readonly instance: StoredInstance;
      /** Hash of the grant code that this write spent. */
      readonly usedCode?: string | undefined;
    }
  | { readonly op: 'delete'; readonly id: number }
  | { readonly op: 'formula'; readonly formula: StoredFormulaInstance };

type ValueCheck = (value: unknown) => boolean;
type ValueChecks<T> = { readonly [Name in keyof T]-?: ValueCheck };

const isText: ValueCheck = (value) => typeof value === 'string';
const isFlag: ValueCheck = (value) => typeof value === 'boolean';
const isId: ValueCheck = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const areTexts: ValueCheck = (value) => Array.isArray(value) && value.every(isText);
const isTable =
  (isValue: ValueCheck): ValueCheck =>
  (value) =>
    isJsonObject(value) && Object.values(value).every(isValue);

const instanceChecks: ValueChecks<StoredInstance> = {
  id: isId,
  token: isText,
  connector: isText,
  name: isText,
  tags: areTexts,
  configuration: isTable((value) => value === null || isText(value)),
  createdDate: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  disabled: isFlag,
  valid: isFlag,
  externalAuthentication: (value) => value === 'none' || value === 'initial',
  failedRefreshes: (value) => value === undefined || isId(value),
};

const formulaChecks: ValueChecks<StoredFormulaInstance> = {
  id: isId,
  name: isText,
  formulaId: isId,
  formulaName: isText,
  active: isFlag,
  configuration: isTable(isText),
};

const recordChecks: { readonly [Op in StateRecord['op']]: ValueChecks<Omit<Extract<StateRecord, { op: Op }>, 'op'>> } =
  {
    start: { version: (value) => value === 1, seed: isText, nextId: isId, usedCodes: areTexts },
    put: {
      instance: (value) => hasAll(value, instanceChecks),
      usedCode: (value) => value === undefined || isText(value),
    },
    delete: { id: isId },
    formula: { formula: (value) => hasAll(value, formulaChecks) },
  };

/** Whether a value is a record, with everything that belongs to it. The file may have come from anywhere: nothing in it is taken on trust. */
export function isStateRecord(value: unknown): value is StateRecord {
  if (!isJsonObject(value)) return false;
  // Who reads it tells that it is of a later version.
  if (value['op'] === 'start' && value['version'] !== 1) return true;
  const checks = new Map<unknown, Readonly<Record<string, ValueCheck>>>(Object.entries(recordChecks)).get(value['op']);
  return checks !== undefined && hasAll(value, checks);
}

function hasAll(value: unknown, checks: Readonly<Record<string, ValueCheck>>): boolean {
  return isJsonObject(value) && Object.entries(checks).every(([name, isRight]) => isRight(value[name]));
}
