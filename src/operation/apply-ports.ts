import type { ApplyPorts } from '../apply/apply-ports.ts';
import { findConsentKind } from '../consent/grant.ts';
import { importInstance } from '../definition/import/import-instance.ts';
import { exists } from '../disk/read-text.ts';
import { openStateFolder, stateFileOf } from '../disk/state-folder.ts';
import { writeFileAtomically } from '../disk/write-file.ts';
import { fromRetiredKey, toParkedKey } from '../model/derived-key.ts';
import type { OwnedInstance } from '../model/live.ts';
import { PlatformError, type PlatformWriter, type WrittenInstance } from '../model/platform.ts';
import { toPointer } from '../model/position.ts';
import { shareNext } from '../model/share-next.ts';
import { UserError } from '../model/user-error.ts';
import type { WorkItem } from '../model/work.ts';
import { appliedKeyOf, readOwnMemory, readPast } from '../plan/memory.ts';
import { createContext, type PlanContext } from '../plan/plan-context.ts';
import {
  findWriteFaults,
  type JudgedField,
  judgeWritten,
  type WrittenAnswer,
  type WrittenWork,
} from '../plan/judge-written.ts';
import { recordApplied } from '../plan/record-applied.ts';
import { pageSize } from '../platform/list-pages.ts';
import { decodeApplied, encodeApplied } from '../tags/applied-vector.ts';
import { isAppliedTag, keyTag, ownerTags } from '../tags/owner-tags.ts';
import type { OperationPorts } from './operation-ports.ts';
import { listOwned } from './guard-plan.ts';
import { guardWrites } from './guard-writes.ts';
import type { PreparedPlan } from './plan.ts';
import type { RecentWriter } from './recent-instances.ts';

/**
 * Instances worked on at the same time unless the user says otherwise. Twice what may be under way, as one that waits for a
 * late commit sends nothing; and no more, as all that were begun are finished when a person stops the apply.
 */
export function workersOf({ connection }: Pick<PreparedPlan, 'connection'>): () => number {
  return () => 2 * connection.window();
}

/** What the state folder remembers of an apply. */
interface FolderMemory {
  readonly recent: RecentWriter;
  readonly pending: NonNullable<ApplyPorts['pending']>;
}

/** The ports of an apply: opens the connection that can write. */
export function openApplyPorts(
  prepared: PreparedPlan,
  ports: OperationPorts,
  { recent, pending }: FolderMemory,
): ApplyPorts {
  const { ours } = prepared;
  const known = openKnown(prepared);
  const { maxTagLength } = prepared.environment.limits;
  // Each is asked for before it is sent, when it was, and when it is read back.
  const encoded = new WeakMap<WorkItem['applied'], readonly string[]>();
  const encode = (applied: WorkItem['applied']): readonly string[] => {
    const tags = encoded.get(applied) ?? encodeApplied(applied, maxTagLength);
    encoded.set(applied, tags);
    return tags;
  };
  return {
    platform: guardWrites(listsTogether(prepared), { planned: prepared.live, recent, ports }),
    ours,
    pagesOfAll: Math.ceil(listOwned(prepared).length / pageSize),
    plannedTags: (item) => known.before(item)?.tags ?? [],
    allTags: (item, applied) => [...item.userTags, ...ownerTags(ours, item.key), ...encode(applied)],
    parkedTags: (item) => parkedTags(known.before(item), ours),
    keepCopy: (item) => keepCopy(item, known, ports),
    pending,
    amendApplied: (item, answered, isAmended) => amendApplied(item, known, { answered, isAmended }),
    judgeWritten: openJudge(known, ports.notice),
    asksPerson: (item) => asksPerson(prepared, item),
    onFault: (error) => ports.notice(describeFault(error, prepared, ports)),
    waits: ports.waits,
    sleep: ports.sleep,
    now: ports.now,
    random: ports.random,
    within: ports.recorder?.within,
  };
}

/**
 * A writer that reads the whole list for many creates at a time: each of them would have one of thousands of instances in its memory.
 * Throws a PlatformError when that shows none of those that were there when it was planned: then it says nothing of what was created either.
 */
function listsTogether({ connection, work, environment, live }: PreparedPlan): PlatformWriter {
  const writer = connection.openWriter(work.length);
  const { maxUnlisted } = environment.limits;
  const listWhole = shareNext(async () => {
    const listed = await writer.listInstances({ maxUnlisted });
    const shown = new Set(listed.map(({ id }) => id));
    if (live.length === 0 || live.some(({ id }) => shown.has(id))) return listed;
    throw new PlatformError('incomplete-list', 'The list of instances shows none of those that it showed before.');
  });
  return {
    ...writer,
    listInstances: (options) => (options?.tag === undefined ? listWhole() : writer.listInstances(options)),
  };
}

/** A plan as an apply looks things up in it, for one instance after the other. */
interface KnownPlan {
  readonly prepared: PreparedPlan;
  readonly context: PlanContext;
  /** The instance of an item as the plan saw it. */
  readonly before: (item: Pick<WorkItem, 'id'>) => OwnedInstance | undefined;
  /** What became of each field; undefined without a definition. */
  readonly judge: (item: WorkItem, answered: WrittenInstance) => Judged | undefined;
}

interface Judged {
  readonly judged: readonly JudgedField[];
  readonly about: WrittenAnswer;
}

function openKnown(prepared: PreparedPlan): KnownPlan {
  const byId = new Map(prepared.live.map((one) => [one.id, one]));
  const before: KnownPlan['before'] = ({ id }) => (id === undefined ? undefined : byId.get(id));
  const context = createContext(prepared.tools);
  // An answer is asked about twice: for what is wrong with it, and for what is to be remembered.
  const known = new WeakMap<WrittenInstance, Judged & { readonly item: WorkItem }>();
  const judge: KnownPlan['judge'] = (item, answered) => {
    const same = known.get(answered);
    if (same?.item === item) return same;
    const desired = prepared.desired.get(item.key);
    if (desired === undefined) return undefined;
    const about = { desired, answered, written: toWritten(item, before) };
    const found = { item, judged: judgeWritten(about, context), about };
    known.set(answered, found);
    return found;
  };
  return { prepared, context, before, judge };
}

/** All tags as they are, but for the key: no definition can have the one that takes its place. */
function parkedTags(parked: OwnedInstance | undefined, ours: PreparedPlan['ours']): readonly string[] {
  const owner = parked?.owner ?? ours;
  const own = keyTag(owner, parked?.owner?.key ?? '');
  const away = keyTag(owner, toParkedKey(appliedKeyOf(parked ?? {}) ?? ''));
  // A memory that cannot be read is none, and is not written again.
  const tags = parked?.tags ?? [];
  const isDamaged = decodeApplied(tags) === 'damaged';
  const kept = tags.filter((tag) => !isDamaged || !isAppliedTag(tag));
  return kept.map((tag) => (tag === own ? away : tag));
}

function amendApplied(
  item: WorkItem,
  known: KnownPlan,
  { answered, isAmended }: { readonly answered: WrittenInstance; readonly isAmended?: boolean | undefined },
): WorkItem['applied'] | undefined {
  const found = known.judge(item, answered);
  if (found === undefined) return undefined;
  const amended = recordApplied(found.judged, found.about, { context: known.context, isWritten: isAmended });
  return amended === item.applied ? undefined : amended;
}

/** A new instance has nothing before it, also where it takes the place of another one. */
function toWritten(item: WorkItem, beforeOf: KnownPlan['before']): WrittenWork {
  const { applied, update, userTags, create, enabled } = item;
  const before = create === undefined ? beforeOf(item) : undefined;
  return { applied, update, userTags, before, isSwitched: create !== undefined || enabled !== undefined };
}

function asksPerson({ desired, tools }: PreparedPlan, { key }: WorkItem): boolean {
  const wanted = desired.get(key);
  return wanted !== undefined && findConsentKind(wanted, tools.facts?.(wanted.connector)) !== undefined;
}

/** Judges what the platform shows after a write, the worst first. A value that has nothing to do with ours is said once, and counts as the platform's. */
function openJudge(known: KnownPlan, notice: OperationPorts['notice']): ApplyPorts['judgeWritten'] {
  const said = new Set<string>();
  return (item, shown) => {
    const written = known.judge(item, shown);
    if (written === undefined) return undefined;
    const { id, elementsError: complaint } = shown;
    const found = findWriteFaults(written.judged, written.about);
    for (const key of found.unrelated.filter((one) => !said.has(`${id} ${one}`))) {
      said.add(`${id} ${key}`);
      notice(
        `The platform keeps ${key} of ${item.key} (instance ${id}) at a value that has nothing to do with the one that was sent. That value now counts as the platform's form of yours; if it is not, look at the instance.`,
      );
    }
    if (found.lost.length > 0) return { code: 'keys-lost', id, fields: found.lost };
    if (found.notTaken.length > 0 || complaint !== undefined) {
      return { code: 'not-taken', id, fields: found.notTaken, complaint };
    }
    return found.lostTags.length > 0 ? { code: 'user-tags-lost', id, tags: found.lostTags } : undefined;
  };
}

/** A fault of ours with all that helps to find it, and without a secret. */
function describeFault(error: unknown, { redactor }: PreparedPlan, { toolVersion }: OperationPorts): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${redactor.redact(stack)}\nThis is a bug in connectorctl ${toolVersion}. It ended one change; the others go on. Please report it with the lines above.`;
}

/**
 * Keeps what an instance was before it is deleted: as a definition without secrets, so that it can be made again.
 * Throws a UserError when it cannot be written.
 */
async function keepCopy(
  item: WorkItem,
  { prepared, context, before }: KnownPlan,
  ports: OperationPorts,
): Promise<void> {
  const live = before(item);
  if (live === undefined) throw new Error(`${item.key} is to be deleted and was not read`);
  const { environment } = prepared.plan;
  const isSecretKey = hiddenKeys(live, context);
  const { yaml } = importInstance(live, { isSecretKey, adopt: false, withSecrets: true });
  const head = `# Instance ${live.id} of environment ${environment}, as it was before connectorctl deleted it. Secrets are not kept.\n`;
  const file = `deleted/${environment}/${live.id}.yaml`;
  // What a replace left over had its copy made before its tags forgot which values are secret: that one stays.
  const isLeftOver = fromRetiredKey(item.key) !== undefined;
  try {
    const path = stateFileOf(openStateFolder(prepared.directory), file);
    if (!isLeftOver || !exists(path)) await writeFileAtomically(path, head + yaml);
  } catch (error) {
    throw new UserError('copy-not-kept', `No copy of instance ${live.id} could be written to .connectorctl/${file}.`, {
      hint: 'It was not deleted. Make the folder writable, or find out what prevents the file from being written.',
      cause: error,
    });
  }
  ports.notice(`A copy of instance ${live.id}, without its secrets, was written to .connectorctl/${file}.`);
}

/**
 * Tells which values of a live instance must never stand in a file: those under a secret-looking key, those that the last apply
 * made from a secret, and all of them where nobody can read what that was.
 */
export function hiddenKeys(live: OwnedInstance, context: PlanContext): (key: string) => boolean {
  const memory = readOwnMemory(live, context);
  return (key) =>
    context.isSecretAt(live.connector, key) || readPast(memory, toPointer('configuration', key)) !== 'plain';
}
