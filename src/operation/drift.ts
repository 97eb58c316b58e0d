import { resolve } from 'node:path';
import { definitionKey } from '../definition/definition-key.ts';
import { acceptDrift } from '../definition/import/accept-drift.ts';
import { parseDocuments } from '../definition/parse-documents.ts';
import { readTextFile } from '../disk/read-text.ts';
import { writeRepositoryFile } from '../disk/write-file.ts';
import type { Change, Plan } from '../model/plan.ts';
import { findUnmatched, matchesName, nearestSelection } from '../model/selection.ts';
import { UserError } from '../model/user-error.ts';
import { selectDrift } from '../plan/select-drift.ts';
import type { AcceptedDrift, OperationResult } from './result.ts';
import type { WithholdOption } from './load-desired.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { checkSelection } from './guard-plan.ts';
import { always, type PlanOptions, type PreparedPlan, preparePlan } from './plan.ts';

interface DriftOptions extends PlanOptions, WithholdOption {
  /** Keys and patterns of what is written into the definitions instead of being reported only. */
  readonly accept?: readonly string[] | undefined;
}

/** Says what changed on the platform that no definition asked for. Sends only reads. */
export async function drift(
  ports: OperationPorts,
  target: OperationTarget,
  options: DriftOptions,
): Promise<OperationResult> {
  const start = await preparePlan(ports, target, { ...options, health: true, readsAhead: always });
  if ('result' in start) return start.result;
  const { prepared } = start;
  await prepared.connection.close();
  checkSelection(options, prepared);
  const { diagnostics, directory, workspaceFile } = prepared;
  const plan = selectDrift(prepared.plan, prepared.tools.digest);
  const accepted = await acceptAll(plan, prepared, { keys: options.accept ?? [], notice: ports.notice });
  return { kind: 'drifted', plan, accepted, diagnostics, directory, workspaceFile };
}

async function acceptAll(
  plan: Plan,
  prepared: PreparedPlan,
  { keys, notice }: { readonly keys: readonly string[]; readonly notice: OperationPorts['notice'] },
): Promise<readonly AcceptedDrift[]> {
  const drifted = plan.changes.filter((change) => change.fields.length > 0 && prepared.desired.has(change.key));
  const chosen = drifted.filter(({ key }) => keys.some((name) => matchesName(key, name)));
  const calm = keys.filter((name) => !chosen.some(({ key }) => matchesName(key, name)));
  const unknown = findUnmatched(calm, [...prepared.desired.keys()]);
  if (unknown.length > 0) throw nothingToAccept(unknown, prepared);
  const accepted: AcceptedDrift[] = [];
  for (const change of chosen) accepted.push(await acceptOne(change, prepared));
  if (calm.length > 0) {
    // Nothing was written for anybody: then the command did not do what it was asked for.
    if (accepted.every(({ fields }) => fields === 0)) throw nothingToAccept(calm, prepared);
    notice(`Nothing to accept for ${calm.join(', ')}: it has no drift, or it was accepted before.`);
  }
  return accepted;
}

function nothingToAccept(names: readonly string[], { desired }: PreparedPlan): UserError {
  const nearest = new Set(names.flatMap((name) => nearestSelection(name, [...desired.keys()]) ?? []));
  return new UserError('no-drift', `There is no drift to accept for ${names.join(', ')}.`, {
    kind: 'invalid',
    hint: [
      ...[...nearest].filter((name) => !names.includes(name)).map((name) => `Did you mean \`${name}\`?`),
      'No file was written. To see which definitions drifted:\n  connectorctl drift',
    ].join('\n'),
  });
}

/** Reads the file anew each time, as two definitions may stand in it. */
async function acceptOne(change: Change, prepared: PreparedPlan): Promise<AcceptedDrift> {
  const desired = prepared.desired.get(change.key);
  const live = prepared.live.find((one) => one.id === change.id);
  if (desired === undefined || live === undefined) throw new Error(`drift of ${change.key} without both sides`);

  const { file } = desired.source;
  const path = resolve(prepared.directory, file);
  const text = readTextFile(path);
  const documents = parseDocuments(file, text).documents;
  const index = documents.find((document) => definitionKey(document) === change.key)?.index ?? 0;
  const { text: edited, refused, replaced } = acceptDrift(text, index, change, live, desired, prepared.place);
  if (edited !== text) await writeRepositoryFile(path, edited, prepared.directory);
  return { key: change.key, file, fields: change.fields.length - refused.length, refused, replaced };
}
