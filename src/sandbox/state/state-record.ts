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
      readonly usedCode?: string;
    }
  | { readonly op: 'delete'; readonly id: number }
  | { readonly op: 'formula'; readonly formula: StoredFormulaInstance };

const operations: ReadonlySet<unknown> = new Set<StateRecord['op']>(['start', 'put', 'delete', 'formula']);

/** Whether it looks like a record. Only the sandbox writes them, so what an operation carries is taken on trust. */
export function isStateRecord(value: unknown): value is StateRecord {
  return typeof value === 'object' && value !== null && 'op' in value && operations.has(value.op);
}
