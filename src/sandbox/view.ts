import type { StoredInstance } from './state/stored-instance.ts';

/** How one request sees or changes instances otherwise than they are: what faults make of it. What is absent is as it should be. */
export interface SandboxView {
  /** What all lists are made from. */
  readonly instances?: readonly StoredInstance[] | undefined;
  /** What else stands in a list. */
  readonly foreign?: readonly unknown[] | undefined;
  /** The rows of a list, right before the page is cut out. */
  readonly arrange?: (<T>(rows: readonly T[]) => readonly T[]) | undefined;
  /** The instance of an id as it was; undefined: as it is. */
  readonly former?: ((id: number) => StoredInstance | undefined) | undefined;
  /** Whether a PATCH forgets the keys that it does not name. */
  readonly patchReplaces?: boolean | undefined;
}
