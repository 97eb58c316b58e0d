import { compareText } from '../model/compare-text.ts';
import type { EnvironmentStatus, InstanceStatus } from '../model/instance-status.ts';
import { type OwnedInstance, isOurs } from '../model/live.ts';
import type { PlatformReader } from '../model/platform.ts';
import { runBounded } from '../model/run-bounded.ts';
import { findUnmatched, isSelected, nearestSelection } from '../model/selection.ts';
import type { Redactor } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { decodeApplied } from '../tags/applied-vector.ts';
import { widestWindow } from '../platform/pacing/limiter.ts';
import { createRedactor } from '../secret/redactor.ts';
import { connect } from './connect.ts';
import { endUnloaded, loadDefinitions, type LoadedDefinitions } from './load-definitions.ts';
import { resolveEach } from './resolve-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { describeOurs } from './plan.ts';
import { askForStopped, type HealthOptions, isPolling, pingInstance } from './read-health.ts';
import { readLive } from './read-live.ts';
import { readRecent } from './recent-instances.ts';
import { hideWhole } from './redact-plan.ts';
import type { OperationResult } from './result.ts';

export interface StatusOptions {
  /** True: the provider of each instance that is on is asked through it. */
  readonly ping?: boolean | undefined;
  /** Keys and patterns of the definitions to be shown; all instances when absent. */
  readonly only?: readonly string[] | undefined;
}

/**
 * Says which connections an environment has. Sends only reads. No secret is needed, and definitions that are not in order are no reason not to
 * show what is live.
 *
 * 1. read the definitions, as far as they can be read
 * 2. connect, and read the instances of the account
 * 3. ask which polling jobs the platform switched off, and with `ping` each provider
 * 4. put both sides together, and take known secrets out of it
 */
export async function status(
  ports: OperationPorts,
  target: OperationTarget,
  options: StatusOptions,
): Promise<OperationResult> {
  const loading = await loadDefinitions(ports, target, { checkSecrets: false, checkConnectors: false });
  if (!loading.ok) return endUnloaded(loading.diagnostics, ports, target);
  const loaded = loading.value;
  const redactor = createRedactor();
  const connection = await connect(loaded, ports, { redactor });
  try {
    const found = await readStatus(loaded, connection.reader, { ...options, ports, redactor });
    const { diagnostics, workspace } = loaded;
    return {
      kind: 'status',
      status: found,
      isPinged: options.ping === true,
      diagnostics,
      directory: workspace.directory,
    };
  } finally {
    await connection.close();
  }
}

interface ReadOptions extends StatusOptions {
  readonly ports: OperationPorts;
  readonly redactor: Redactor;
}

async function readStatus(
  loaded: LoadedDefinitions,
  reader: PlatformReader,
  { ports, redactor, ping = false, only }: ReadOptions,
): Promise<EnvironmentStatus> {
  const { workspace, environment } = loaded;
  const ours = describeOurs(workspace, environment);
  const baseUrl = environment.platform === 'sandbox' ? 'sandbox' : reader.target.baseUrl;
  const place = { directory: workspace.directory, workspace: workspace.name, environment: environment.name, baseUrl };
  const live = await readLive(reader, {
    ours,
    desired: [],
    concurrency: widestWindow,
    recent: readRecent(place, ports),
    notice: ports.notice,
  });
  const owned = live.filter(({ owner }) => isOurs(owner, ours));
  const others = live.filter((one) => !owned.includes(one));
  const wanted = listWanted(loaded);
  const all = [...owned.map((one) => toStatus(one, owned, wanted)), ...listMissing(owned, wanted)];
  const chosen = select(all, only, environment.name);
  const ids = new Set(chosen.map(({ id }) => id));
  const asked = await ask(
    owned.filter(({ id }) => ids.has(id)),
    reader,
    { ping, notice: ports.notice },
  );
  const redact = (text: string) => hideWhole(text, redactor);
  return {
    environment: environment.name,
    instances: chosen
      .map((one) => redactStatus({ ...one, ...(one.id === undefined ? {} : asked.get(one.id)) }, redact))
      .toSorted(byKey),
    unmanaged: others.filter(({ owner, claims }) => owner === undefined && claims === undefined).length,
    foreign: others.filter(({ owner, claims }) => owner !== undefined || claims !== undefined).length,
  };
}

/** What the definitions of the environment want, by key; undefined when they cannot be read. */
type Wanted = ReadonlyMap<string, { readonly connector: string; readonly name: string }> | undefined;

function listWanted(loaded: LoadedDefinitions): Wanted {
  const { definitions, environment, files } = loaded;
  if (definitions.length === 0 && files.length > 0) return undefined;
  const { values, blocked } = resolveEach(loaded);
  const names = new Map([...values, ...blocked].map(({ key, name }) => [key, name]));
  return new Map(
    definitions
      .filter(({ environments }) => environments?.includes(environment.name) ?? true)
      .map(({ key, connector, name }) => [key, { connector, name: names.get(key) ?? name }]),
  );
}

function toStatus(one: OwnedInstance, owned: readonly OwnedInstance[], wanted: Wanted): InstanceStatus {
  const { id, connector, name, disabled, valid, owner, createdDate } = one;
  const applied = decodeApplied(one.tags);
  const entries = applied === undefined || applied === 'damaged' ? undefined : [...applied.entries.values()];
  return {
    key: owner?.key,
    connector,
    name,
    id,
    enabled: !disabled,
    valid,
    standing: standingOf(owner?.key, owned, wanted),
    lastApplied: entries && {
      values: entries.length,
      assumed: entries.filter(({ assumed }) => assumed === true).length,
    },
    created: createdDate,
  };
}

function standingOf(
  key: string | undefined,
  owned: readonly OwnedInstance[],
  wanted: Wanted,
): InstanceStatus['standing'] {
  if (key !== undefined && owned.filter(({ owner }) => owner?.key === key).length > 1) return 'duplicate';
  if (wanted === undefined) return 'unknown';
  return key !== undefined && wanted.has(key) ? 'defined' : 'orphan';
}

function listMissing(owned: readonly OwnedInstance[], wanted: Wanted): readonly InstanceStatus[] {
  const there = new Set(owned.map(({ owner }) => owner?.key));
  return [...(wanted ?? [])].flatMap(([key, { connector, name }]) =>
    there.has(key) ? [] : [{ key, connector, name, standing: 'missing' as const }],
  );
}

/** Throws a UserError when a name means nothing: an empty table would look as if there were nothing. */
function select(
  all: readonly InstanceStatus[],
  only: readonly string[] | undefined,
  environment: string,
): readonly InstanceStatus[] {
  if (only === undefined) return all;
  const keys = all.flatMap(({ key }) => key ?? []);
  const unmatched = findUnmatched(only, keys);
  if (unmatched.length > 0) {
    const nearest = [...new Set(unmatched.flatMap((name) => nearestSelection(name, keys) ?? []))];
    throw new UserError(
      'unknown-key',
      `Nothing in the environment ${environment} has the key ${unmatched.join(', ')}.`,
      {
        kind: 'invalid',
        hint: [
          ...nearest.map((name) => `Did you mean \`${name}\`?`),
          'See all of them with:\nconnectorctl status',
        ].join('\n'),
      },
    );
  }
  return all.filter(({ key }) => key !== undefined && isSelected(key, { only }));
}

type Answered = Pick<InstanceStatus, 'pollingStopped' | 'ping'>;

/** What only a question shows, by id. */
async function ask(
  owned: readonly OwnedInstance[],
  reader: PlatformReader,
  { ping, notice }: Pick<HealthOptions, 'ping' | 'notice'>,
): Promise<ReadonlyMap<string, Answered>> {
  const found = new Map<string, Answered>();
  const polling = owned.filter(isPolling);
  const stopped = polling.length === 0 ? new Set<string>() : await askForStopped(reader, notice);
  for (const { id } of polling.filter((one) => stopped.has(one.id))) found.set(id, { pollingStopped: true });
  if (!ping) return found;
  // One that is off refuses every call.
  await runBounded(
    owned.filter(({ disabled }) => !disabled),
    widestWindow,
    async (one) => {
      const answer = await pingInstance(one, reader);
      if (answer !== undefined) found.set(one.id, { ...found.get(one.id), ping: answer });
    },
  );
  return found;
}

function redactStatus(one: InstanceStatus, redact: (text: string) => string): InstanceStatus {
  const { key, id, connector, name, ping, standing } = one;
  // The key of a definition stands in its file for all to see; another one was written by whoever may write tags.
  const isOwn = standing === 'defined' || standing === 'missing';
  return {
    ...one,
    key: key === undefined || isOwn ? key : redact(key),
    id: id === undefined ? undefined : redact(id),
    connector: redact(connector),
    name: redact(name),
    created: one.created === undefined ? undefined : redact(one.created),
    ping: ping?.ok === false ? { ...ping, message: redact(ping.message) } : ping,
  };
}

function byKey(a: InstanceStatus, b: InstanceStatus): number {
  if (a.key === undefined || b.key === undefined) return Number(a.key === undefined) - Number(b.key === undefined);
  return compareText(a.key, b.key) || compareText(a.id ?? '', b.id ?? '');
}
