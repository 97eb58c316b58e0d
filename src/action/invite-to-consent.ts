import { existsSync } from 'node:fs';
import path from 'node:path';
import { isWaiting } from '../model/plan.ts';
import { consentRequests } from '../operation/authorize-request.ts';
import type { OperationResult } from '../operation/result.ts';
import { completeHint } from '../report/next-step.ts';
import type { ConsentInvitation } from '../report/github/render-consent-links.ts';
import { attempt, type FlowContext } from './flow-context.ts';
import { commandsOf, planOf } from './report-context.ts';

/** The workflow that takes an answer, as `connectorctl init` writes it. */
const workflowFile = 'authorize.yaml';

/** Milliseconds: a review and a holiday in between. What a provider answers to it is good for minutes only. */
const lifetime = 7 * 86_400_000;

const afterMerge =
  'The link comes after the merge: this plan does without the values of the secrets, and the platform makes a link only for whoever sends it the secret of the app.';

const where =
  'There is no link here, as this job does without the values of the secrets. Run the last apply again, whose comment has one, or `connectorctl authorize` with its key where they are set.';

/**
 * The links at which people agree for the instances that wait in a plan. Sends only reads.
 * Undefined where nobody is waited for, where no workflow could take an answer, and where no credentials are used.
 */
export async function inviteToConsent(
  flow: FlowContext,
  result: OperationResult,
): Promise<ConsentInvitation | undefined> {
  const { run, event, context, ports, target, inputs } = flow;
  const plan = planOf(result);
  const keys = plan?.changes.filter(isWaiting).map(({ key }) => key) ?? [];
  const isAfterMerge = run.command === 'apply' && result.kind === 'applied';
  const isPlanned = run.pull !== undefined && result.kind === 'planned' && plan?.offline === undefined;
  // The issue about drift is written whether or not comments are.
  const isDrift = result.kind === 'drifted';
  const branch = event.defaultBranch ?? branchOfSchedule(context);
  if (plan === undefined || keys.length === 0 || branch === undefined) return undefined;
  if (!isDrift && !(inputs.comment && (isAfterMerge || isPlanned))) return undefined;
  if (!existsSync(path.join(context.workspace, '.github/workflows', workflowFile))) return undefined;

  // Drift is looked for on the default branch only.
  const url = `${context.serverUrl}/${context.repository}/actions/workflows/${workflowFile}`;
  const about = {
    environment: plan.environment,
    workflow: { file: workflowFile, url, branch },
    issue: run.pull?.number,
    isProposal: isPlanned,
  };
  if (plan.withheld !== undefined)
    return { ...about, links: [], linkless: keys.map((key) => ({ key, why: isDrift ? where : afterMerge })) };
  const detached = { isReviewed: isAfterMerge || isDrift };
  const tried = await attempt(() => consentRequests(ports, target, { keys, detached, lifetime }));
  const explain = ({ message, hint = '' }: { readonly message: string; readonly hint?: string | undefined }): string =>
    flow.redact(`${message} ${completeHint(hint, commandsOf(flow))}`).trim();
  if (!tried.ok) return { ...about, links: [], linkless: keys.map((key) => ({ key, why: explain(tried.error) })) };
  if ('result' in tried.value) return undefined;
  const { requests, unasked, close } = tried.value;
  await close();
  return {
    ...about,
    links: requests,
    linkless: unasked.map(({ key, error }) => ({ key, why: explain(error) })),
  };
}

/** A schedule runs on the default branch and on no other, and need not say which one that is. */
function branchOfSchedule({ eventName, ref }: FlowContext['context']): string | undefined {
  const [, branch] = /^refs\/heads\/(.+)$/.exec(ref) ?? [];
  return eventName === 'schedule' ? branch : undefined;
}
