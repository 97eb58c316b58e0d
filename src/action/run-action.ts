import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { generalOf, generalVariables, isSet } from '../model/own-variables.ts';
import { UserError } from '../model/user-error.ts';
import { giveWay, type KnownSecrets, openKnownSecrets, type OperationPorts } from '../operation/operation-ports.ts';
import { type ExitCode, exitCode, exitCodes } from '../operation/exit-code.ts';
import { version } from '../operation/version.ts';
import { toAnnotation } from '../report/diagnostics/annotation.ts';
import { renderWait } from '../report/result/wait-words.ts';
import { planWords } from '../report/plan/plan-codes.ts';
import { decideRun } from './event.ts';
import type { Flow, FlowContext, FlowResult } from './flow-context.ts';
import { applyFlow } from './flows/apply.ts';
import { authorizeFlow } from './flows/authorize.ts';
import { driftFlow } from './flows/drift.ts';
import { planFlow } from './flows/plan.ts';
import { validateFlow } from './flows/validate.ts';
import { type GithubClient, openGithub } from './github/client.ts';
import { type Command, type Inputs, readInputs } from './inputs.ts';
import { readContext, type RunContext, type Variables } from './runner/read-context.ts';
import { readEvent } from './runner/read-event.ts';
import { openSummary, writeOutputs } from './runner/runner-files.ts';
import { openLog, type RunnerLog } from './runner/runner-log.ts';

/** What the Action knows of its process. */
export interface ActionHost {
  readonly env: Variables;
  /** Writes to stdout, which the runner reads. */
  readonly write: (text: string) => void;
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

const flows: Readonly<Record<Command, Flow>> = {
  plan: planFlow,
  apply: applyFlow,
  drift: driftFlow,
  validate: validateFlow,
  authorize: authorizeFlow,
};

/** Runs one step and answers the exit code of the process. The only place where errors are caught. */
export async function runAction(host: ActionHost): Promise<ExitCode> {
  const known = openKnownSecrets(host.env);
  const log = openLog({ write: host.write, makeToken, learn: (secret) => known.learn(secret) });
  // Those in a bundle too: GitHub knows the bundle as a whole only.
  for (const secret of known.given) log.mask(secret);
  const result = await runStep(host, { known, log }).catch((error: unknown) => endWithError(error, { known, log }));
  const { code, outputs, mustFail = false } = result;
  writeOutputs({ 'exit-code': code, ...outputs }, { file: host.env['GITHUB_OUTPUT'], makeToken });
  return mustFail ? code : stepCodeOf(code);
}

/** Says that an error came up where nobody waited for it: Node.js would print it as it is, for the runner to obey. */
export function reportCrash(error: unknown, { env, write }: Pick<ActionHost, 'env' | 'write'>): void {
  const known = openKnownSecrets(env);
  endWithError(error, { known, log: openLog({ write, makeToken, learn: (secret) => known.learn(secret) }) });
}

interface StepTools {
  readonly known: KnownSecrets;
  readonly log: RunnerLog;
}

/**
 * 1. Read where the step runs, its inputs, and the event.
 * 2. Decide from the event what may run; nothing is read from the checkout before that.
 * 3. Run the flow of the command, and close the connection to GitHub if it opened one.
 */
async function runStep(host: ActionHost, { known, log }: StepTools): Promise<FlowResult> {
  const { env } = host;
  const context = readContext(env);
  const inputs = readInputs(env);
  if (!inputs.ok) {
    log.annotate(inputs.diagnostics.map((diagnostic) => toAnnotation(diagnostic, '')));
    return { code: exitCodes.invalid, outputs: {} };
  }
  const event = readEvent(context.eventFile);
  for (const secret of event.dispatch?.masks ?? []) log.mask(secret);
  const run = decideRun({ ...context, event, hasCredentials: hasCredentials(env) }, inputs.value.command);
  if (run.kind === 'refused') throw new UserError('refused-event', run.message, { kind: 'refused', hint: run.hint });

  const github = openLazily(() => openGithub(buildGithubOptions(inputs.value, context, { host, known })));
  const flow: FlowContext = {
    inputs: inputs.value,
    context,
    event,
    run,
    target: {
      configFile: pathInside('config', inputs.value, context),
      environmentName: inputs.value.environment,
    },
    record: recordOf(inputs.value, context),
    ports: buildPorts(host, { log, cwd: folderOf(inputs.value, context) }),
    log,
    redact: (text) => known.redact(text),
    summary: openSummary(context.summaryFile),
    github: () => github.open(),
  };
  try {
    return await flows[run.command](flow);
  } finally {
    await github.close();
  }
}

function hasCredentials(env: Variables): boolean {
  const general = [generalVariables.userSecret, generalVariables.organizationSecret];
  const set = new Set(Object.keys(env).flatMap((name) => (isSet(env, name) ? (generalOf(name) ?? []) : [])));
  return general.every((one) => set.has(one));
}

function folderOf({ workingDirectory }: Inputs, { workspace }: RunContext): string {
  const folder = path.resolve(workspace, workingDirectory);
  if (folder === workspace || folder.startsWith(workspace + path.sep)) return folder;
  throw new UserError('outside-checkout', 'The input `working-directory` leads out of the checkout.', {
    kind: 'invalid',
    hint: 'Set a folder relative to the root of the repository.',
  });
}

/** A file that an input names. What the workspace file says, its key names among them, is shown in comments, and a record is kept as an artifact. */
function pathInside(name: 'config' | 'record', inputs: Inputs, context: RunContext): string | undefined {
  const file = inputs[name];
  if (file === undefined) return undefined;
  if (path.resolve(folderOf(inputs, context), file).startsWith(context.workspace + path.sep)) return file;
  throw new UserError('outside-checkout', `The input \`${name}\` leads out of the checkout.`, {
    kind: 'invalid',
    hint: 'Set a file relative to `working-directory`.',
  });
}

function recordOf(inputs: Inputs, context: RunContext): string | undefined {
  const file = pathInside('record', inputs, context);
  return file === undefined ? undefined : path.resolve(folderOf(inputs, context), file);
}

function buildPorts(
  { env, sleep, signal }: ActionHost,
  { log, cwd }: { readonly log: RunnerLog; readonly cwd: string },
): OperationPorts {
  return {
    cwd,
    env,
    toolVersion: version,
    words: planWords,
    startSandbox: async (dataFile) => (await import('../sandbox/sandbox.ts')).runSandbox(dataFile),
    notice: (text) => log.print(text),
    waits: { tell: (wait) => log.print(renderWait(wait, new Date())), over: () => {} },
    secretRead: (secret) => log.mask(secret),
    sleep,
    giveWay,
    random: Math.random,
    now: () => performance.now(),
    date: () => new Date(),
    isFolderPassing: true,
    signal,
  };
}

function buildGithubOptions(
  { token }: Inputs,
  context: RunContext,
  { host, known }: { readonly host: ActionHost; readonly known: KnownSecrets },
): Parameters<typeof openGithub>[0] {
  if (token === undefined) {
    throw new UserError('no-token', 'The input `token` is empty.', {
      kind: 'invalid',
      hint: 'Omit it to use the token of the job.',
    });
  }
  const { apiUrl, graphqlUrl, repository } = context;
  return {
    apiUrl,
    graphqlUrl,
    repository,
    token,
    userAgent: `connectorctl/${version}`,
    redact: (text) => known.redact(text),
    env: host.env,
    sleep: (milliseconds) => host.sleep(milliseconds, host.signal),
    now: () => performance.now(),
  };
}

function openLazily(open: () => GithubClient): { open(): GithubClient; close(): Promise<void> } {
  const opened: GithubClient[] = [];
  return {
    open: () => {
      const client = opened[0] ?? open();
      opened[0] = client;
      return client;
    },
    close: async () => {
      await opened[0]?.close();
    },
  };
}

/** Changes and drift that were found are what was asked for: the step has not failed. The output `exit-code` says which it was. */
function stepCodeOf(code: ExitCode): ExitCode {
  return code === exitCodes.changesPresent ? exitCodes.done : code;
}

function endWithError(error: unknown, { known, log }: StepTools): FlowResult {
  if (error instanceof UserError) {
    const { message, hint } = error;
    const next = hint === undefined ? '' : `\n${hint}`;
    log.annotate([{ level: 'error', title: 'connectorctl', message: `${message}${next}` }]);
    return { code: codeOf(error), outputs: {} };
  }
  log.print(known.redact(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  const message = `This is a bug in connectorctl ${version}, not a problem with your files. Please report it with the log of this step.`;
  log.annotate([{ level: 'error', title: 'connectorctl failed', message }]);
  return { code: exitCodes.failed, outputs: {} };
}

function codeOf(error: UserError): ExitCode {
  return exitCode({ kind: 'stopped', error, diagnostics: [] });
}

function makeToken(): string {
  return randomBytes(32).toString('hex');
}
