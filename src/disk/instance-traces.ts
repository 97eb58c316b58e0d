import { isJsonObject } from '../model/json.ts';
import { parseJson } from '../model/parse-json.ts';
import { UserError } from '../model/user-error.ts';
import { openAppendFile } from './append-file.ts';
import { readLines } from './read-lines.ts';
import { writeFileAtomically } from './write-file.ts';

/** What an apply did to an instance, or how many instances there were: one line of a file. Holds no secret. */
export type Trace = TraceHead &
  ({ readonly what: 'made' | 'deleted'; readonly id: string } | { readonly what: 'owned'; readonly count: number });

interface TraceHead {
  /** Workspace, environment and host that it is about. */
  readonly scope: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * The lines of a file that can be understood, in their order; none when there is no file.
 * What a kill broke off, or somebody wrote by hand, is left out. Throws a UserError when the file cannot be read.
 */
export function readTraces(file: string): readonly Trace[] {
  try {
    return [...readLines(file)].flatMap(({ text }) => (text === undefined ? [] : (decodeTrace(text) ?? [])));
  } catch (error) {
    if (error instanceof UserError && error.code === 'no-such-file') return [];
    throw error;
  }
}

/** Lines that are appended one after the other. */
export interface TraceLog {
  /** Appends one line, which survives this process. Throws as `openTraceLog` does. */
  readonly append: (trace: Trace) => void;
  readonly close: () => void;
}

/** Opens the file to append to it, as often as it is replaced. Throws a UserError, or the system's error, when the disk refuses. */
export function openTraceLog(file: string): TraceLog {
  let log = openAppendFile(file);
  return {
    append: (trace) => {
      if (log.isGone()) {
        log.close();
        log = openAppendFile(file);
      }
      log.append(JSON.stringify(trace));
    },
    close: () => log.close(),
  };
}

/** Puts these lines in the place of all. Throws a UserError when the disk refuses. */
export async function replaceTraces(file: string, traces: readonly Trace[]): Promise<void> {
  await writeFileAtomically(file, traces.map((trace) => `${JSON.stringify(trace)}\n`).join(''));
}

function decodeTrace(line: string): Trace | undefined {
  const parsed = parseJson(line);
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  const { scope, at, what, id, count } = parsed.value;
  if (typeof scope !== 'string' || typeof at !== 'number' || !Number.isFinite(at)) return undefined;
  if ((what === 'made' || what === 'deleted') && typeof id === 'string') return { scope, at, what, id };
  if (what === 'owned' && typeof count === 'number' && Number.isSafeInteger(count)) return { scope, at, what, count };
  return undefined;
}
