import { openTraceLog, readTraces, replaceTraces, type Trace, type TraceLog } from '../disk/instance-traces.ts';
import { isSystemError } from '../disk/read-text.ts';
import { findStateFile, findStateFolder, openStateFolder, stateFileOf } from '../disk/state-folder.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import { UserError } from '../model/user-error.ts';
import { isId } from '../platform/wire/decode-instance.ts';
import type { OperationPorts } from './operation-ports.ts';

/** What the state folder knows, and no list: an id may be asked about, and nothing else is believed. */
export interface RecentInstances {
  /** Ids of instances that were created here lately, and not deleted since. */
  readonly made: readonly string[];
  /** Ids of instances that were deleted from here lately. */
  readonly deleted: ReadonlySet<string>;
  /** How many instances there were when this folder last knew it; 0 when it never did. */
  readonly owned: number;
}

/** What the memory of a folder is about. */
export interface RecentPlace {
  /** Absolute folder of the workspace. */
  readonly directory: string;
  readonly workspace: string;
  readonly environment: string;
  /** As it stands in a plan. */
  readonly baseUrl: string;
}

/** Remembers what an apply does. A disk that refuses is told once, and stops nothing. */
export interface RecentWriter {
  readonly made: (id: string) => void;
  /** To be called before the delete is sent, as a remembered id is only looked at. */
  readonly deleted: (id: string) => void;
  readonly owned: (count: number) => void;
  readonly close: () => void;
}

type RecentPorts = Pick<OperationPorts, 'date' | 'notice' | 'isFolderPassing'>;

/**
 * For how long ids are remembered, in milliseconds: many times what a list was seen to lag, so that a clock that jumps by an hour, or a machine
 * that sleeps, does no harm. One that the list shows costs nothing.
 */
const lifetime = 12 * 3_600_000;

/** What this folder did lately to the instances of an environment. One that cannot be read is as one that did nothing. */
export function readRecent(
  place: RecentPlace,
  { date, isFolderPassing = false }: Omit<RecentPorts, 'notice'>,
): RecentInstances {
  return summarize(isFolderPassing ? [] : readOwn(place), date().getTime());
}

function summarize(traces: readonly Trace[], now: number): RecentInstances {
  const latest = new Map<string, 'made' | 'deleted'>();
  let owned = 0;
  for (const trace of traces) {
    if (trace.what === 'owned') owned = trace.count;
    else owned = Math.max(0, owned + (trace.what === 'made' ? 1 : -1));
    if (trace.what !== 'owned' && isYoung(trace, now)) latest.set(trace.id, trace.what);
  }
  const idsThatWere = (what: 'made' | 'deleted') => [...latest].flatMap(([id, last]) => (last === what ? [id] : []));
  return { made: idsThatWere('made'), deleted: new Set(idsThatWere('deleted')), owned };
}

/**
 * Begins to write down what an apply does, and forgets what is old. To be called under the lock of the apply.
 * @param owned how many instances there are; with none, what was known is kept, as these may be the wrong credentials
 */
export async function openRecent(place: RecentPlace, owned: number, ports: RecentPorts): Promise<RecentWriter> {
  if (ports.isFolderPassing === true) return forgetful;
  const now = () => ports.date().getTime();
  const scope = scopeOf(place);
  const told = { refusal: false };
  const refuse = (error: unknown): void => {
    if (!(error instanceof UserError) && !isSystemError(error)) throw error;
    if (!told.refusal) ports.notice(describeRefusal(error));
    told.refusal = true;
  };
  const opened: { log?: TraceLog } = {};
  const append = (trace: Trace): void => {
    try {
      opened.log ??= openTraceLog(stateFileOf(openStateFolder(place.directory), nameOf(place)));
      opened.log.append(trace);
    } catch (error) {
      refuse(error);
    }
  };
  try {
    await forgetOld(place, owned, now());
  } catch (error) {
    refuse(error);
  }
  return {
    made: (id) => append({ scope, at: now(), what: 'made', id }),
    deleted: (id) => append({ scope, at: now(), what: 'deleted', id }),
    owned: (count) => append({ scope, at: now(), what: 'owned', count }),
    close: () => opened.log?.close(),
  };
}

async function forgetOld(place: RecentPlace, owned: number, now: number): Promise<void> {
  const folder = findStateFolder(place.directory);
  if (folder === undefined) return;
  const file = findStateFile(folder, nameOf(place));
  const all = file === undefined ? [] : readTraces(file);
  if (file === undefined || all.length === 0) return;
  const scope = scopeOf(place);
  const kept = all.filter((one) => (one.what === 'owned' ? one.scope !== scope : isYoung(one, now)));
  const count = owned === 0 ? summarize(readOwn(place), now).owned : owned;
  await replaceTraces(file, [...kept, { scope, at: now, what: 'owned', count }]);
}

/**
 * What to say of a plan that creates instances where none is left of those that this folder knew: every user sees other instances
 * (platform-api §4), so that all of them would be made a second time with the credentials of another one. An apply refuses such a plan.
 * @param owned how many this folder knew, where none of them can be seen; else 0
 */
export function sayNothingOwned({ summary, environment }: Plan, owned: number): readonly Diagnostic[] {
  if (owned === 0 || summary.create === 0) return [];
  const [were, are] = [
    owned === 1 ? '1 instance was' : `${owned} instances were`,
    summary.create === 1 ? '1 is' : `${summary.create} are`,
  ];
  return [
    {
      code: 'nothing-owned',
      severity: 'warning',
      message: 'None of the instances that were here can be seen',
      detail: `When this folder last knew it, ${were} owned by this workspace in ${environment}. Now the platform shows none of them, and ${are} to be created: if the others still exist, every connection is made a second time.`,
      hint: 'Is it another service user, or another account? Without the privileges for the instances of the account, each user sees only its own. An apply is refused until it names this plan: `--allow-limits DIGEST`. Do so only if the instances are gone.',
    },
  ];
}

const forgetful: RecentWriter = { made: () => {}, deleted: () => {}, owned: () => {}, close: () => {} };

/** A clock that was set back makes what was just written look as if it were to come. */
function isYoung({ at }: Trace, now: number): boolean {
  return Math.abs(now - at) < lifetime;
}

function readOwn(place: RecentPlace): readonly Trace[] {
  const scope = scopeOf(place);
  try {
    const folder = findStateFolder(place.directory);
    const file = folder === undefined ? undefined : findStateFile(folder, nameOf(place));
    const traces = file === undefined ? [] : readTraces(file);
    return traces.filter((one) => one.scope === scope && (one.what === 'owned' || isId(one.id)));
  } catch (error) {
    if (!(error instanceof UserError) && !isSystemError(error)) throw error;
    return [];
  }
}

function nameOf({ environment }: RecentPlace): string {
  return `instances/${environment}.jsonl`;
}

function scopeOf({ workspace, environment, baseUrl }: RecentPlace): string {
  return `${workspace}/${environment} ${baseUrl}`;
}

function describeRefusal({ message }: Error): string {
  return `What this folder did lately cannot be kept in .connectorctl/instances (${message}). If lists of the platform lag behind, wait a few minutes before the next apply.`;
}
