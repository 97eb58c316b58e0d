import { createHmac } from 'node:crypto';
import { UserError } from '../../model/user-error.ts';
import { History } from './history.ts';
import { Journal } from './journal.ts';
import type { StateRecord } from './state-record.ts';
import type { StoredFormulaInstance, StoredInstance } from './stored-instance.ts';

const firstId = 1001;

interface SandboxStateOptions {
  /** Absent: memory only. */
  readonly file?: string | undefined;
  /** From which tokens are derived; a file keeps the one it began with. */
  readonly seed: string;
  /** Milliseconds. */
  readonly now: () => number;
}

/**
 * Everything the sandbox remembers: in memory, indexed, and in a journal when there is a file.
 * The file holds the tokens, secrets and configurations of the sandbox's instances in clear; they are worth nothing elsewhere.
 */
export class SandboxState {
  readonly history: History;
  readonly #journal: Journal | undefined;
  readonly #instances = new Map<number, StoredInstance>();
  readonly #idByToken = new Map<string, number>();
  readonly #formulas = new Map<number, StoredFormulaInstance>();
  readonly #usedCodes = new Set<string>();
  #seed: string;
  #nextId = firstId;

  /** Reads the file, and compacts it when it holds much that is no longer true. */
  constructor(options: SandboxStateOptions) {
    this.#seed = options.seed;
    this.history = new History(options.now);
    if (options.file === undefined) return;
    this.#journal = new Journal(options.file);
    try {
      this.#load(this.#journal, options.file);
    } catch (error) {
      this.#journal.close();
      throw error;
    }
  }

  /** In the order of their ids. */
  get instances(): Iterable<StoredInstance> {
    return this.#instances.values();
  }

  get formulas(): Iterable<StoredFormulaInstance> {
    return this.#formulas.values();
  }

  get instanceCount(): number {
    return this.#instances.size;
  }

  get nextId(): number {
    return this.#nextId;
  }

  find(id: number): StoredInstance | undefined {
    return this.#instances.get(id);
  }

  findByToken(token: string): StoredInstance | undefined {
    const id = this.#idByToken.get(token);
    return id === undefined ? undefined : this.#instances.get(id);
  }

  isCodeUsed(hash: string): boolean {
    return this.#usedCodes.has(hash);
  }

  /** Text that looks random and is the same for the same seed and purpose: base64, as the platform's tokens are. */
  derive(purpose: string): string {
    return createHmac('sha256', this.#seed).update(purpose).digest('base64');
  }

  /** Writes a change down, then makes it true. */
  commit(record: StateRecord): void {
    this.#journal?.append(record);
    const id = record.op === 'put' ? record.instance.id : record.op === 'delete' ? record.id : undefined;
    if (id !== undefined) this.history.record(id, this.#instances.get(id), record.op === 'delete');
    this.#apply(record);
  }

  close(): void {
    this.#journal?.close();
  }

  #load(journal: Journal, file: string): void {
    const { records, torn } = journal.read();
    if (records.length > 0 && !isReadable(records[0])) {
      throw new UserError('sandbox-file-unknown', `The file ${file} was not written by this version of the sandbox.`, {
        hint: 'Delete the file to begin with an empty sandbox.',
      });
    }
    for (const record of records) this.#apply(record);
    const needed = 1 + this.#instances.size + this.#formulas.size;
    if (torn || records.length === 0 || records.length > 2 * needed + 100) journal.rewrite(this.#snapshot());
  }

  #apply(record: StateRecord): void {
    switch (record.op) {
      case 'start':
        this.#seed = record.seed;
        this.#nextId = record.nextId;
        for (const code of record.usedCodes) this.#usedCodes.add(code);
        return;
      case 'put':
        this.#instances.set(record.instance.id, record.instance);
        this.#idByToken.set(record.instance.token, record.instance.id);
        this.#nextId = Math.max(this.#nextId, record.instance.id + 1);
        if (record.usedCode !== undefined) this.#usedCodes.add(record.usedCode);
        return;
      case 'delete':
        this.#idByToken.delete(this.#instances.get(record.id)?.token ?? '');
        this.#instances.delete(record.id);
        return;
      case 'formula':
        this.#formulas.set(record.formula.id, record.formula);
        return;
      default:
        record satisfies never;
    }
  }

  *#snapshot(): Iterable<StateRecord> {
    yield { op: 'start', version: 1, seed: this.#seed, nextId: this.#nextId, usedCodes: [...this.#usedCodes] };
    for (const instance of this.#instances.values()) yield { op: 'put', instance };
    for (const formula of this.#formulas.values()) yield { op: 'formula', formula };
  }
}

function isReadable(first: StateRecord | undefined): boolean {
  return first?.op === 'start' && first.version === 1;
}
