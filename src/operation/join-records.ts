import { type RecordLine, readRunRecord } from '../disk/run-record-line.ts';

/** Several run records, read as one. */
export interface JoinedRecords {
  /** All their lines, numbered through; each call reads the files anew. */
  readonly lines: () => Iterable<RecordLine>;
  /** Where a line stands. To be asked after the lines were read. */
  readonly placeOf: (number: number) => { readonly file: string; readonly line: number };
}

/**
 * Puts records one behind the other, the one that begins first in front: what became of an instance is told in that order. A run that
 * an earlier file tells of, as in a file that was kept twice, is left out of later ones.
 * @param files each as it is named in messages, with its absolute path
 */
export function joinRecords(files: readonly { readonly name: string; readonly path: string }[]): JoinedRecords {
  const ordered = files
    .map((file, index) => ({ ...file, index, begin: findBegin(file.path) }))
    .toSorted((one, other) => one.begin - other.begin || one.index - other.index);
  const starts: number[] = [];
  return {
    *lines() {
      const seen = new Map<string, number>();
      let before = 0;
      for (const [at, { path }] of ordered.entries()) {
        starts[at] = before;
        let last = 0;
        for (const line of readRunRecord(path)) {
          last = line.number;
          if ('event' in line) {
            const first = seen.get(line.event.run) ?? at;
            seen.set(line.event.run, first);
            if (first !== at) continue;
          }
          yield { ...line, number: before + line.number };
        }
        before += last;
      }
    },
    placeOf: (number) => {
      const at = Math.max(
        starts.findLastIndex((start) => start < number),
        0,
      );
      return { file: ordered[at]?.name ?? '', line: number - (starts[at] ?? 0) };
    },
  };
}

/** Time of the first line that has one, in milliseconds since 1970. */
export function findBegin(path: string): number {
  for (const line of readRunRecord(path)) if ('event' in line) return Date.parse(line.event.time);
  return Number.POSITIVE_INFINITY;
}
