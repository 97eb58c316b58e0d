import { createColors } from 'picocolors';
import { renderHead } from '../../src/cli/present-each.ts';
import { renderImported, renderImportedToSet, renderImportNext } from '../../src/cli/present-import.ts';
import { renderInitialized } from '../../src/cli/present-initialized.ts';
import { renderError, renderGap } from '../../src/cli/present-problems.ts';
import { renderToSet } from '../../src/cli/render-to-set.ts';
import { renderLogPlan } from '../../src/action/flows/show-result.ts';
import { renderMarker } from '../../src/action/github/authorship.ts';
import { openLog } from '../../src/action/runner/runner-log.ts';
import { UserError } from '../../src/model/user-error.ts';
import type { FormerSubscriptions } from '../../src/model/former-subscription.ts';
import type { ApplyEvent } from '../../src/model/apply.ts';
import type { SetUp } from '../../src/model/set-up-check.ts';
import type { EnvironmentStatus } from '../../src/model/instance-status.ts';
import { createRunFolder } from '../../src/operation/read-history.ts';
import { renderConnectorList, renderConnectorText } from '../../src/report/catalogue/render-connector-text.ts';
import { renderSilenced } from '../../src/report/diagnostics/render-silenced.ts';
import { renderReceived, renderReceivedJson, type ShownRequest } from '../../src/report/events/render-received.ts';
import { renderDeliveries } from '../../src/report/events/render-deliveries.ts';
import { renderVerdict } from '../../src/report/events/render-verdict.ts';
import { renderAcceptDriftPull } from '../../src/report/github/render-accept-drift-pull.ts';
import { renderApplyComment, renderApplySummary } from '../../src/report/github/render-apply-comment.ts';
import { renderPlanCheck } from '../../src/report/github/render-check.ts';
import { renderConsentLinks } from '../../src/report/github/render-consent-links.ts';
import { renderDriftIssue } from '../../src/report/github/render-drift-issue.ts';
import { renderFailureIssue } from '../../src/report/github/render-failure-issue.ts';
import { renderPlanComment, renderPlanSummary } from '../../src/report/github/render-plan-comment.ts';
import { renderHistoryJson } from '../../src/report/history/render-history-json.ts';
import { renderHistoryText } from '../../src/report/history/render-history-text.ts';
import { budgetOf } from '../../src/report/budget.ts';
import { renderApplyCommand } from '../../src/report/next-step.ts';
import { renderPlanJson, toPrintableJson } from '../../src/report/plan/render-plan-json.ts';
import { renderPlanMarkdown } from '../../src/report/plan/render-plan-markdown.ts';
import { renderPlanText } from '../../src/report/plan/render-plan-text.ts';
import { renderFormerMarkdown, renderFormerText } from '../../src/report/result/render-former.ts';
import { renderEventLine } from '../../src/report/result/render-event-line.ts';
import { renderResultJson } from '../../src/report/result/render-result-json.ts';
import { renderResultMarkdown } from '../../src/report/result/render-result-markdown.ts';
import { renderResultText } from '../../src/report/result/render-result-text.ts';
import { renderWait } from '../../src/report/result/wait-words.ts';
import { renderSetUpsText, renderSetUpText } from '../../src/report/doctor/render-set-up-text.ts';
import { renderAsked, renderRequest, renderUnasked } from '../../src/report/consent/render-asked.ts';
import { renderStatusesText, renderStatusText } from '../../src/report/status/render-status-text.ts';
import { renderSecretList } from '../../src/report/secrets/render-secret-list.ts';
import { actions } from '../../src/model/plan.ts';
import { type Skeleton, writeApply, writeDiagnostics, writePlan } from '../support/foreign-pages.ts';
import { created, started, toEvents } from '../support/records.ts';

/** Everything that a report can hold, once with all that may be there and once with nothing that may be missing. */
const skeletons = [true, false].map((flag): Skeleton => {
  const has = Array.from({ length: 6 }, () => flag);
  const fields = [{ cause: 'drift', secret: false, both: true }] as const;
  const changes = actions.slice(0, 4).map((action) => ({ action, has, fields, risks: 1, notes: 1 }));
  return { changes, diagnostics: [{ isError: flag, has }], has, status: flag ? 'failed' : 'unclear' };
});

const look = { color: false, width: 90 };
const marker = '<!-- connectorctl:plan:production -->';

type Parts = ReturnType<typeof partsOf>;

function partsOf(skeleton: Skeleton, text: string) {
  const say = (): string => text;
  const plan = writePlan(skeleton)(say);
  const diagnostics = writeDiagnostics(skeleton)(say);
  const outcome = writeApply({ ...skeleton, has: skeleton.has.map(() => false) })(say);
  const differs = writeApply({ ...skeleton, has: skeleton.has.map(() => true) })(say);
  if (outcome.kind !== 'applied') throw new Error('It was not applied.');
  return { plan, diagnostics, outcome, differs, result: outcome.result, environment: text, marker };
}

/** A report of all that is in both skeletons. */
function of(render: (parts: Parts) => string): (text: string) => string {
  return (text) => skeletons.map((skeleton) => render(partsOf(skeleton, text))).join('\n\n');
}

const planned = (render: (input: Parameters<typeof renderPlanComment>[0]) => string): ((text: string) => string) =>
  of(({ plan, diagnostics, environment }) => {
    const error = { message: environment, requestId: environment, hint: environment.replaceAll(/\s/g, ' ') };
    const all = [
      { kind: 'planned', plan, diagnostics, refusal: { message: environment, hint: error.hint } } as const,
      { kind: 'stopped', error, diagnostics } as const,
      { kind: 'checked', diagnostics } as const,
    ];
    return all.map((outcome) => render({ outcome, environment, marker })).join('\n\n');
  });

const applied = (render: (input: Parameters<typeof renderApplyComment>[0]) => string): ((text: string) => string) =>
  of(({ outcome, differs, environment }) =>
    [outcome, differs].map((one) => render({ outcome: one, environment, marker })).join('\n\n'),
  );

/** A title is no Markdown: test/report/escape has it. */
const bodyOf = ({ body }: { readonly body: string }): string => body;

function invitationOf(text: string): Parameters<typeof renderConsentLinks>[0] {
  const link = { key: text, connector: text, name: text, url: text, provider: text, callback: text, expires: 0 };
  return {
    links: [link, { ...link, callback: undefined, url: text.padEnd(4_000, 'x') }],
    linkless: [{ key: text, why: text }],
    environment: text,
    workflow: { file: 'authorize.yaml', url: text, branch: text },
    issue: 5,
    isProposal: true,
  };
}

function consentOf(text: string): Parameters<typeof renderRequest>[0] {
  return { key: text, connector: text, name: text, purpose: 'reauthorize', id: text, url: text, expires: 0 };
}

function initializedOf(text: string): Parameters<typeof renderInitialized>[0] {
  const added = { file: text, lines: [text] };
  return {
    kind: 'initialized',
    files: [{ file: text, status: 'kept' }],
    additions: [added, { ...added, environments: [text] }],
    editorAdditions: [added],
    differences: [added],
    environments: [{ name: text, secrets: [`CONNECTORCTL_SECRET_${text}`], ownHost: text }],
    hasDefinitions: false,
    diagnostics: [],
  };
}

/** What is printed on a terminal or in a log, or as JSON, by the function that makes it. */
export const textReports: Readonly<Record<string, (text: string) => string>> = {
  renderReceived: (text) =>
    receivedOf(text)
      .map((one) => renderReceived(one, look))
      .join(''),
  renderReceivedJson: (text) => receivedOf(text).map(renderReceivedJson).join(''),
  renderDeliveries: (text) => {
    const subscription = { id: text, topics: [text], url: text, active: false };
    const subscriptions = { current: [subscription], left: [subscription, { ...subscription, active: true }] };
    const events = [{ id: text, status: text, date: text }];
    const one = {
      key: text,
      id: text,
      name: text,
      enabled: true,
      kind: text,
      callback: text,
      signed: true,
      nextPoll: text,
    };
    const deliveries = [
      { ...one, subscriptions, events, pollingStopped: true, probe: { method: 'POST', why: text } as const },
      { ...one, kind: 'polling', subscriptions: undefined, events: undefined, pollingStopped: false },
    ];
    return (
      renderDeliveries({ deliveries, environment: text }, look) +
      renderDeliveries({ deliveries: [], environment: text }, look)
    );
  },
  renderVerdict: (text) => {
    const notification = receivedOf(text)[0]?.notification;
    return renderVerdict({ verdict: { problem: 'different', causes: ['encoded-again'] }, notification }, look);
  },
  renderPlanText: of(({ plan }) => renderPlanText(plan, { ...look, verbose: true })),
  renderPlanJson: of(({ plan }) => renderPlanJson(plan)),
  renderResultText: of(({ result }) => renderResultText(result, look)),
  renderResultJson: of(({ result }) => toPrintableJson(renderResultJson(result))),
  renderLogPlan: of(({ plan }) => renderLogPlan(plan, {})),
  renderApplyCommand: of(({ plan }) => renderApplyCommand({ ...plan, only: [plan.environment] })),
  renderEventLine: of(({ result }) =>
    result.outcomes
      .flatMap(({ change, id, failure }): readonly ApplyEvent[] => [
        { status: 'started', change },
        { status: 'succeeded', change, id },
        ...(failure === undefined ? [] : [{ status: 'failed', change, failure, id } as const]),
      ])
      .map((event) => renderEventLine(event, look))
      .join('\n'),
  ),
  renderWait: (text) => renderWait({ code: 'repeated', about: text, milliseconds: 1 }, new Date(0)),
  renderFormerText: (text) =>
    renderFormerText(formerOf(text), { colors: createColors(false), width: look.width, commands: {} }).join('\n'),
  renderHistoryText: (text) => renderHistoryText(historyOf(text), look),
  renderHistoryJson: (text) => toPrintableJson(renderHistoryJson(historyOf(text))),
  renderConnectorText: (text) => {
    const key = { key: text, label: text, about: text, kind: text, required: true, secret: true, masked: true };
    const keys = [{ ...key, default: text, options: [text], group: text }];
    const page = { key: text, name: text, hub: text, authentication: text, consent: true, hidden: 1 };
    return renderConnectorText({ ...page, origin: 'built-in', date: '2026', groups: [{ title: 'Keys', keys }] }, look);
  },
  renderConnectorList: (text) =>
    renderConnectorList({ connectors: [{ key: text, name: text, hub: text }], word: text }, look) +
    renderConnectorList({ connectors: [], word: text }, look),
  renderRequest: (text) => renderRequest(consentOf(text)),
  renderUnasked: (text) => renderUnasked([{ key: text, error: { message: text, hint: text } }], {}).join(''),
  renderAsked: (text) =>
    renderAsked(
      { requests: [consentOf(text)], unasked: [{ key: text, error: { message: text } }], plan: { environment: text } },
      {},
    ) + renderAsked({ requests: [], unasked: [], plan: { environment: text } }, {}),
  renderSecretList: (text) =>
    renderSecretList(
      {
        environment: text,
        secrets: (['set', 'unset', 'waiting', 'empty', 'unused'] as const).map((status) => ({
          name: text,
          status,
          definitions: [text],
          at: text,
          setAt: text,
        })),
      },
      look,
    ) + renderSecretList({ environment: text, secrets: [] }, look),
  renderHead: (text) => renderHead(text, { color: false }),
  renderImported: (text) =>
    renderImported(importOf(text), { ...look, commands: {} }) +
    renderImported(importOf(text), { ...look, commands: {}, isScreen: true }),
  renderImportNext: (text) => renderImportNext(importOf(text), { ...look, commands: {}, isScreen: true }),
  renderSetUpText: (text) => renderSetUpText(setUpOf(text), look),
  renderSetUpsText: (text) => renderSetUpsText([setUpOf(text), setUpOf(`${text}b`)], look),
  renderStatusText: (text) => renderStatusText(statusOf(text), look),
  renderStatusesText: (text) => renderStatusesText([statusOf(text), statusOf(`${text}b`)], look),
  renderImportedToSet: (text) => renderImportedToSet(importOf(text).definitions),
  renderToSet: (text) => renderToSet([text], [text]),
  renderSilenced: (text) =>
    renderSilenced(
      [
        {
          severity: 'warning',
          code: text,
          message: text,
          detail: text,
          reason: text,
          at: { file: text, line: 1, column: 1 },
        },
      ],
      look.width,
    ),
  renderGap: (text) => renderGap({ file: text, lines: 1, reason: text }),
  renderError: (text) => renderError(new UserError('any-code', text, { hint: text }), { color: false, commands: {} }),
  renderInitialized: (text) => renderInitialized(initializedOf(text), {}),
  'the log of a step': (text) => {
    const written: string[] = [];
    const log = openLog({ write: (one) => written.push(one), makeToken: () => 'a'.repeat(64), learn: () => [text] });
    log.print(text);
    log.printFolded(text, text);
    // Guards and groups are our own commands.
    return written.join('').replaceAll(/^::(?:stop-commands::)?a{64}(?:::)?\n|^::(?:group::[^\n]*|endgroup::)\n/gm, '');
  },
};

function formerOf(text: string): FormerSubscriptions {
  const one = { key: text, instanceId: text, id: text, url: text, active: true };
  const found = [
    { ...one, status: 'left' },
    { ...one, status: 'removed' },
    { ...one, status: 'failed', message: text },
  ] as const;
  return { pruned: true, found, problem: text };
}

function setUpOf(text: string): SetUp {
  const statuses = ['ok', 'warning', 'failed', 'skipped'] as const;
  const checks = statuses.map((status) => ({ name: 'node', status, message: text, hint: text }) as const);
  return { environment: text, checks };
}

function statusOf(text: string): EnvironmentStatus {
  const one = {
    key: text,
    connector: text,
    name: text,
    id: text,
    created: text,
    valid: false,
    enabled: false,
  } as const;
  const ping = { ok: false, message: text, requestId: text } as const;
  return {
    environment: text,
    unmanaged: 1,
    foreign: 1,
    instances: [
      { ...one, standing: 'duplicate', pollingStopped: true, ping, lastApplied: { values: 1, assumed: 1 } },
      { connector: text, name: text, standing: 'missing' },
    ],
  };
}

/** What GitHub shows as Markdown. */
export const pageReports: Readonly<Record<string, (text: string) => string>> = {
  renderPlanMarkdown: of(({ plan }) => renderPlanMarkdown(plan)),
  renderResultMarkdown: of(({ result }) => renderResultMarkdown(result)),
  renderFormerMarkdown: (text) => renderFormerMarkdown(formerOf(text), {}),
  renderPlanComment: planned((input) => renderPlanComment(input).body),
  renderPlanSummary: planned((input) => renderPlanSummary(input).body),
  renderPlanCheck: planned((input) => bodyOfCheck(renderPlanCheck(input))),
  // Where the platform answers an address, a link to it is what is wanted; what is none stays text.
  renderConsentLinks: (text) => renderConsentLinks(invitationOf(text), budgetOf({})),
  renderApplyComment: applied((input) => renderApplyComment(input).body),
  renderApplySummary: applied((input) => renderApplySummary(input).body),
  renderFailureIssue: applied((input) => bodyOf(renderFailureIssue(input))),
  renderDriftIssue: of(({ plan }) => bodyOf(renderDriftIssue({ plan, marker }))),
  renderAcceptDriftPull: of(({ plan }) => {
    const { environment } = plan;
    const refused = [{ at: environment, reason: environment }];
    const accepted = plan.changes.map(({ key }) => ({ key, file: 'instances/a.yaml', fields: 2, refused }));
    return bodyOf(renderAcceptDriftPull({ plan, accepted, marker }));
  }),
  renderMarker: (text) => renderMarker({ kind: 'plan', environment: text, directory: text }),
};

/** What stands in one of the reports above, by the one that it stands in; or holds no text of others. */
export const partsOfReports: Readonly<Record<string, string>> = {
  renderAnnotation: 'an annotation',
  renderCompletionScript: 'holds no text of others',
  renderHelpPage: 'holds no text of others',
  renderExamples: 'holds no text of others',
  renderQr: 'squares, and our own words',
  renderDiagnosticsText: 'problems as text',
  renderDiagnosticsJson: 'problems as JSON',
  renderDiagnosticsSarif: 'problems as SARIF',
  renderDiagnosticsJunit: 'problems as JUnit',
  renderDiagnosticsGithub: 'problems as annotations',
  renderInstance: 'renderHistoryText',
  renderFieldLines: 'renderPlanText',
  renderFieldTable: 'renderPlanMarkdown',
  renderChangeDetails: 'renderPlanMarkdown',
  renderMemoryDetails: 'renderPlanMarkdown',
  renderChangeLine: 'renderPlanMarkdown',
  renderChangeLines: 'renderPlanText',
  renderMemoryLines: 'renderPlanText',
  renderNoChanges: 'renderPlanText',
  renderJsonLines: 'renderPlanText',
  renderPairLines: 'renderPlanText',
  renderProblems: 'renderPlanComment',
  renderFoldedProblems: 'renderPlanComment',
  renderPlace: 'renderPlanComment',
  renderRunLink: 'renderPlanComment',
  renderOutcomes: 'renderApplyComment',
  renderStop: 'renderPlanComment',
  renderAlert: 'renderPlanComment',
  renderFoot: 'renderPlanComment',
  renderInstances: 'renderPlanComment',
  renderWarnings: 'renderPlanComment',
  renderReviewRefusal: 'renderApplyComment',
  renderOverride: 'renderApplyComment',
  renderTable: 'renderConnectorList',
  renderRows: 'renderPlanText',
  renderFailureClosed: 'our own words and the page of the run',
  renderDriftClosed: 'our own words and the page of the run',
  renderAppliedMark: 'the id of a commit',
  renderReviewRecord: 'renderMarker',
  renderOutput: 'digests, numbers and addresses, between delimiters that nobody can guess',
};

function bodyOfCheck({ summary }: { readonly summary: string }): string {
  return summary;
}

function historyOf(text: string): Parameters<typeof renderHistoryText>[0] {
  const folder = createRunFolder();
  const failure = { code: text, message: text, requestId: text, hint: text.replaceAll(/\s/g, ' ') };
  const events = toEvents('697f40908500', '2026-11-16T23:59:58.250Z', [
    { ...started, workspace: text, environment: text, baseUrl: text, account: text, actor: text, job: text },
    ...created(text, text),
    { event: 'outcome', key: text, action: 'delete', status: 'failed', failure },
    { event: 'run-ended', end: 'failed', exitCode: 1, counts: {}, interrupted: false, durationMs: 1, message: text },
  ]);
  for (const event of events) folder.take(event);
  return { runs: folder.runs(), filtered: false };
}

function importOf(text: string) {
  const leftOut = [{ key: text, why: 'volatile' as const }];
  const statuses = ['written', 'joined', 'changed', 'unchanged', 'waiting', 'kept'] as const;
  return {
    kind: 'imported' as const,
    environment: text,
    definitions: statuses.map((status) => ({
      overridden: [`/configuration/${text}`, text],
      guessed: true,
      id: text,
      key: text,
      file: text,
      secrets: [text],
      vars: [text],
      status,
      leftOut,
    })),
    diagnostics: [],
    directory: '/work',
  };
}

/** A notification whose every text is foreign: taken, refused, and forwarded to somebody who fails. */
function receivedOf(text: string): readonly ShownRequest[] {
  const event = {
    type: 'CREATED',
    objectType: text,
    objectId: text,
    date: text,
    pollDate: text,
    connector: text,
  } as const;
  const notification = {
    kind: 'polling',
    eventId: text,
    instanceId: text,
    instanceName: text,
    instanceTags: [text],
    connector: text,
    topic: text,
    createdDate: text,
    isTest: false,
    events: [event, event, event, event],
    raw: { [text]: text },
  } as const;
  const taken = { at: new Date(0), status: 204, notification, isRepeated: true, definition: text };
  return [taken, { ...taken, problem: 'different', status: 401 }, { ...taken, forwarded: { error: text } }];
}
