import type { FormerSubscriptions } from '../model/former-subscription.ts';
import { resolve } from 'node:path';
import { guardForeignFile, writePlanFile } from '../disk/plan-file.ts';
import { type Report, readReport } from '../disk/report-file.ts';
import { compareText } from '../model/compare-text.ts';
import { joinWords } from '../model/join-words.ts';
import { canonicalJson } from '../model/json.ts';
import { compareChanges } from '../plan/change.ts';
import { findPlanFault } from '../validation/check-plan.ts';
import { type MergeFault, mergePlans, type ShardReport } from '../plan/merge-plans.ts';
import type { Plan } from '../model/plan.ts';
import { UserError } from '../model/user-error.ts';
import { sha256Hex } from '../secret/fingerprint.ts';
import type { OperationPorts, PlanWords } from './operation-ports.ts';
import type { OperationResult, Refusal } from './result.ts';

export interface MergeOptions {
  /** The reports, as the user named them. */
  readonly files: readonly [string, ...string[]];
  /** Path that the merged plan is written to, as `plan --out` does. */
  readonly out?: string | undefined;
}

interface ReadShard extends ShardReport {
  readonly report: Report;
}

type ReadShards = readonly [ReadShard, ...ReadShard[]];

/**
 * Puts what the shards of one plan or one apply reported together, as if one run had done all of it.
 * Throws a UserError of kind `invalid` when a report is missing, is there twice, or is about something else.
 */
export async function mergeReports(
  ports: Pick<OperationPorts, 'cwd' | 'words' | 'toolVersion'>,
  { files, out }: MergeOptions,
): Promise<OperationResult> {
  const target = out === undefined ? undefined : resolve(ports.cwd, out);
  if (target !== undefined) guardForeignFile(target, ports.cwd);
  const read = (file: string): ReadShard => {
    const report = readReport(resolve(ports.cwd, file));
    checkPlan(file, report.plan, ports.toolVersion);
    return { file, plan: report.plan, report };
  };
  const [first, ...rest] = files;
  const shards: ReadShards = [read(first), ...rest.map(read)];
  const merged = mergePlans(shards, sha256Hex);
  if ('faults' in merged) throw cannotMerge(merged.faults, ports.words);
  if (target !== undefined) await writePlanFile(target, merged.plan);
  return combine(shards, merged.plan);
}

/** What it says is shown in our words: every code has to be one of ours. */
function checkPlan(file: string, plan: Plan, version: string): void {
  const fault = findPlanFault(plan);
  if (plan.toolVersion === version && fault === undefined) return;
  const why =
    plan.toolVersion === version
      ? `\`${fault}\` is not as the schema of plans says.`
      : `It was made by version ${plan.toolVersion}, and this is ${version}.`;
  throw new UserError('not-a-report', `${file} cannot be merged. ${why}`, {
    kind: 'invalid',
    hint: 'Run all shards and the merge with one version of connectorctl.',
  });
}

function combine(shards: ReadShards, plan: Plan): OperationResult {
  const applied = shards.filter(({ report }) => report.applied !== undefined);
  if (applied.length === 0) return describePlanned(shards, plan);
  const missing = shards.filter(({ report }) => report.applied === undefined);
  if (missing.length > 0) throw mixed(missing);
  const reports = shards.flatMap(({ report }) => report.applied ?? []);
  const outcomes = reports.flatMap((one) => one.outcomes);
  return {
    kind: 'applied',
    plan,
    unchanged: joinUnchanged(shards),
    applied: {
      outcomes: outcomes.toSorted((a, b) => compareChanges(a.change, b.change)),
      interrupted: reports.some((one) => one.interrupted),
      subscriptions: joinFormer(reports.flatMap(({ subscriptions }) => subscriptions ?? [])),
    },
    diagnostics: joinDiagnostics(shards),
  };
}

function joinFormer(all: readonly FormerSubscriptions[]): FormerSubscriptions | undefined {
  if (all.length === 0) return undefined;
  return {
    pruned: all.some(({ pruned }) => pruned),
    found: all.flatMap(({ found }) => found),
    problem: all.find(({ problem }) => problem !== undefined)?.problem,
  };
}

function describePlanned(shards: ReadShards, plan: Plan): OperationResult {
  const unchanged = joinUnchanged(shards);
  const diagnostics = joinDiagnostics(shards);
  return { kind: 'planned', plan, unchanged, refusal: joinRefusals(shards, plan), diagnostics, silenced: [] };
}

/** Limits are judged over all shards, so that each says the same. */
function joinRefusals(shards: ReadShards, plan: Plan): Refusal | undefined {
  const messages = new Set(shards.flatMap(({ report }) => report.refusal ?? []));
  if (messages.size === 0) return undefined;
  return {
    message: [...messages].join(' '),
    hint: `If all of it is intended, allow this plan and no other:\n  connectorctl apply --allow-limits ${plan.digest}`,
  };
}

function joinUnchanged(shards: ReadShards): Report['unchanged'] {
  if (shards.some(({ report }) => report.unchanged === undefined)) return undefined;
  return shards.flatMap(({ report }) => report.unchanged ?? []).toSorted((a, b) => compareText(a.key, b.key));
}

/** Each shard checks all definitions. */
function joinDiagnostics(shards: ReadShards): Report['diagnostics'] {
  const all = shards.flatMap(({ report }) => report.diagnostics);
  return [...new Map(all.map((one) => [canonicalJson(one), one])).values()];
}

function mixed(missing: readonly ReadShard[]): UserError {
  const files = joinWords(
    missing.map(({ file }) => file),
    'and',
  );
  return new UserError('not-one-run', `${files} tells of a plan, the others of an apply.`, {
    kind: 'invalid',
    hint: 'Name the reports of all shards of the plan, or those of all shards of the apply.',
  });
}

function cannotMerge(faults: readonly MergeFault[], words: PlanWords): UserError {
  return new UserError(
    'not-one-run',
    `These are not the shards of one run. ${faults.map((one) => say(one, words)).join(' ')}`,
    {
      kind: 'invalid',
      hint: 'Nothing was merged. Name the report of every shard of one run, once.',
    },
  );
}

function say(fault: MergeFault, words: PlanWords): string {
  switch (fault.code) {
    case 'no-shard':
      return `${fault.file} was made without --shard: it is about all that there is.`;
    case 'other-count':
      return `${fault.file} is shard ${fault.shard}, the first one is ${fault.first}.`;
    case 'same-shard':
      return `Shard ${fault.shard} stands in ${joinWords(fault.files, 'and')}.`;
    case 'missing-shards':
      return `${joinWords(fault.shards, 'and')} ${fault.shards.length === 1 ? 'is' : 'are'} missing.`;
    case 'other-selection':
      return `${fault.file} was made with other options than the first one.`;
    case 'bound':
      return `${fault.file}: ${fault.faults.map(words.binding).join(' ')}`;
    default:
      return fault satisfies never;
  }
}
