import * as fc from 'fast-check';
import type { Outcome } from '../../src/model/apply.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { type Action, actions, type Cause, type Plan } from '../../src/model/plan.ts';
import type { Reason } from '../../src/model/plan-codes.ts';
import { toPointer } from '../../src/model/position.ts';
import { renderAcceptDriftPull } from '../../src/report/github/render-accept-drift-pull.ts';
import { type ApplyOutcome, renderApplyComment } from '../../src/report/github/render-apply-comment.ts';
import { renderDriftIssue } from '../../src/report/github/render-drift-issue.ts';
import { renderFailureIssue } from '../../src/report/github/render-failure-issue.ts';
import { type PlanOutcome, renderPlanComment } from '../../src/report/github/render-plan-comment.ts';
import { aChange, aPlan } from './plans.ts';

export const marker = '<!-- connectorctl:plan:production -->';
export const links = {
  runUrl: 'https://github.com/acme/integrations/actions/runs/7',
  blobUrl: 'https://github.com/acme/integrations/blob/8d1f0c24',
  pathPrefix: 'platform/',
};
export const rules = { marker, links: ['https://github.com/acme/integrations/'] };

const causes: readonly Cause[] = ['definition', 'drift', 'conflict', 'secret', 'removed'];

/** Writes the same thing with other words: `say` answers the next foreign text. */
export type Writer<T> = (say: (harmless: string) => string) => T;

/** What a page is about, without any words. */
export interface Skeleton {
  readonly changes: readonly {
    readonly action: Action;
    readonly has: readonly boolean[];
    readonly fields: readonly { readonly cause: Cause; readonly secret: boolean; readonly both: boolean }[];
    readonly risks: number;
    readonly notes: number;
  }[];
  readonly diagnostics: readonly { readonly isError: boolean; readonly has: readonly boolean[] }[];
  readonly has: readonly boolean[];
  readonly status: Outcome['status'];
}

const flags = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 });

export const anySkeleton: fc.Arbitrary<Skeleton> = fc.record({
  changes: fc.array(
    fc.record({
      action: fc.constantFrom(...actions),
      has: flags,
      fields: fc.array(fc.record({ cause: fc.constantFrom(...causes), secret: fc.boolean(), both: fc.boolean() }), {
        maxLength: 3,
      }),
      risks: fc.nat(2),
      notes: fc.nat(2),
    }),
    { maxLength: 3 },
  ),
  diagnostics: fc.array(fc.record({ isError: fc.boolean(), has: flags }), { maxLength: 2 }),
  has: flags,
  status: fc.constantFrom('succeeded', 'unverified', 'refused', 'skipped', 'failed', 'unclear'),
});

export function writePlan({ changes, has }: Skeleton): Writer<Plan> {
  return (say) =>
    aPlan(
      changes.map((change) =>
        aChange({
          action: change.action,
          key: say('key'),
          connector: say('connector'),
          name: say('name'),
          ...(change.has[0] ? { id: say('id') } : {}),
          ...(change.has[1] ? { previousKey: say('was') } : {}),
          ...(change.has[2] ? { source: { file: aFile(say), line: 3 } } : {}),
          ...(change.has[3] ? { reason: aReason(change.has[4] ?? false, say) } : {}),
          fields: change.fields.map(({ cause, secret, both }) => ({
            // Letters in front, as text that reads as JSON is unfolded.
            field: toPointer('configuration', say('field')),
            cause,
            secret,
            after: `a${say('after')}`,
            ...(both
              ? { before: `b${say('before')}`, meaning: { code: 'poll-interval', from: say('from'), to: say('to') } }
              : {}),
          })),
          risks: Array.from({ length: change.risks }, () => ({
            code: 'callback-host-changed' as const,
            key: say('risk'),
            from: say('from'),
            to: say('to'),
            secret: false,
          })),
          notes: Array.from({ length: change.notes }, () => ({
            code: 'removed-key-left' as const,
            keys: [say('note'), say('note')],
          })),
        }),
      ),
      {
        environment: say('environment'),
        workspace: say('workspace'),
        target: { baseUrl: say('host'), account: say('account') },
        ...(has[0] ? { commit: say('commit') } : {}),
      },
    );
}

/** Foreign text in a reason, and in its next step; a line more in that one is a line more in the page. */
function aReason(inNextStep: boolean, say: (harmless: string) => string): Reason {
  return inNextStep
    ? { code: 'grant-missing', references: [oneLine(say('reference'))] }
    : { code: 'adopt-other-workspace', id: say('id'), workspace: say('workspace') };
}

/** A path leads through folders that have names. */
function aFile(say: (harmless: string) => string): string {
  return `instances/${say('file').replaceAll('/', '-')}.yaml`;
}

/** A line more is a line more in the page. */
function oneLine(text: string): string {
  return text.replaceAll('\n', ' ').trim() === '' ? 'x' : text.replaceAll('\n', ' ');
}

export function writeDiagnostics({ diagnostics }: Skeleton): Writer<readonly Diagnostic[]> {
  return (say) =>
    diagnostics.map(({ isError, has }): Diagnostic => ({
      severity: isError ? 'error' : 'warning',
      code: say('code'),
      message: say('message'),
      detail: say('detail'),
      ...(has[0] ? { hint: oneLine(say('hint')) } : {}),
      ...(has[1] ? { at: { file: aFile(say), line: 1, column: 1 } } : {}),
      ...(has[2] ? { related: [{ message: say('related'), at: { file: 'x.yaml', line: 2, column: 1 } }] } : {}),
    }));
}

export const pages: Readonly<Record<string, (skeleton: Skeleton) => Writer<string>>> = {
  'the comment of a plan': (skeleton) => (say) => {
    const plan = writePlan(skeleton)(say);
    const refusal = skeleton.has[1] ? { refusal: { message: say('refused'), hint: oneLine(say('hint')) } } : {};
    const diagnostics = writeDiagnostics(skeleton)(say);
    const outcome: PlanOutcome = { kind: 'planned', plan, diagnostics, ...refusal };
    const notes = skeleton.has[2] ? [oneLine(say('offline'))] : [];
    return renderPlanComment({ outcome, environment: plan.environment, marker, links, notes }).body;
  },
  'the comment of a plan that was not made': (skeleton) => (say) => {
    const diagnostics = writeDiagnostics(skeleton)(say);
    const error = { message: oneLine(say('message')), requestId: say('request'), hint: oneLine(say('hint')) };
    const outcome: PlanOutcome = skeleton.has[3]
      ? { kind: 'checked', diagnostics }
      : { kind: 'stopped', error, diagnostics };
    return renderPlanComment({ outcome, environment: say('environment'), marker, links, commit: say('commit') }).body;
  },
  'the comment of an apply': (skeleton) => (say) =>
    renderApplyComment({ outcome: writeApply(skeleton)(say), environment: say('environment'), marker, links }).body,
  'the issue of a failure': (skeleton) => (say) =>
    renderFailureIssue({ outcome: writeApply(skeleton)(say), environment: say('environment'), marker, links }).body,
  'the issue of a drift': (skeleton) => (say) =>
    renderDriftIssue({ plan: { ...writePlan(skeleton)(say), environment: 'production' }, marker, links }).body,
  'the pull request that accepts a drift': (skeleton) => (say) => {
    const plan = writePlan(skeleton)(say);
    const accepted = plan.changes.map(({ key }) => ({
      key,
      file: aFile(say),
      fields: 2,
      refused: skeleton.has[4] ? [{ at: say('field'), reason: say('reason') }] : [],
    }));
    return renderAcceptDriftPull({ plan, accepted, marker, links }).body;
  },
};

export function writeApply(skeleton: Skeleton): Writer<ApplyOutcome> {
  return (say) => {
    const plan = writePlan(skeleton)(say);
    if (skeleton.has[3]) {
      const reviewed = { digest: say('digest'), commit: say('commit'), verdict: say('verdict') };
      const moved = plan.changes.map(({ key, action }) => ({ key, action, difference: say('difference') }));
      return { kind: 'differs', plan, reviewed, moved };
    }
    const outcomes = plan.changes.map((change): Outcome => ({
      change,
      status: skeleton.status,
      ...(skeleton.has[1] ? { id: say('id') } : {}),
      ...(skeleton.has[4]
        ? {
            failure: {
              code: say('code'),
              message: `x${say('failure')}`,
              requestId: say('request'),
              hint: oneLine(say('h')),
            },
          }
        : { failure: { code: 'instance-in-use', id: `x${say('reason')}`, users: [say('user')] } }),
    }));
    return { kind: 'applied', plan, result: { outcomes, interrupted: skeleton.has[5] ?? false } };
  };
}
