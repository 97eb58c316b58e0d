import type { StoredInstance } from './stored-instance.ts';

interface FormerState {
  readonly at: number;
  readonly id: number;
  readonly kind: ChangeKind;
  /** Undefined: it was not there. */
  readonly before: StoredInstance | undefined;
}

type ChangeKind = 'creates' | 'changes' | 'deletes';

/** Milliseconds: no fault looks further back. */
const kept = 86_400_000;

/** What instances were before they changed, for a day. In memory only: after a start all is as it always was. */
export class History {
  readonly #now: () => number;
  #past: FormerState[] = [];

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Must be told of a change before it is true. */
  record(id: number, before: StoredInstance | undefined, isDelete: boolean): void {
    const at = this.#now();
    const kind = before === undefined ? 'creates' : isDelete ? 'deletes' : 'changes';
    this.#past.push({ at, id, kind, before });
    const oldest = this.#past[0];
    if (oldest !== undefined && this.#past.length % 1_000 === 0 && oldest.at < at - kept) {
      this.#past = this.#past.filter((one) => one.at >= at - kept);
    }
  }

  /** What changed in the last so many milliseconds, by id, as it was before; of one kind of change, or of all. */
  former(milliseconds: number, of: ChangeKind | 'all' = 'all'): ReadonlyMap<number, StoredInstance | undefined> {
    const since = this.#now() - milliseconds;
    const found = new Map<number, StoredInstance | undefined>();
    for (const { at, id, kind, before } of this.#past.toReversed()) {
      if (at <= since) break;
      if (of === 'all' || of === kind) found.set(id, before);
    }
    return found;
  }
}
