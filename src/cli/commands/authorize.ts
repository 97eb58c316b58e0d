import path from 'node:path';
import { type ApplyResult, type Outcome, nameLeftOut } from '../../model/apply.ts';
import type { Change } from '../../model/plan.ts';
import type { Secret } from '../../model/secret.ts';
import { UserError } from '../../model/user-error.ts';
import { quoteWord } from '../../model/shell-word.ts';
import { completeAuthorization } from '../../operation/authorize-complete.ts';
import { type ConsentRequest, type ConsentRequests, consentRequests } from '../../operation/authorize-request.ts';
import type { OperationPorts, OperationTarget } from '../../operation/operation-ports.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import type { OperationResult } from '../../operation/result.ts';
import { renderQr } from '../../report/consent/render-qr.ts';
import { renderRequest } from '../../report/consent/render-asked.ts';
import type { CommandContext } from '../../report/next-step.ts';
import { readHiddenInput, readHiddenLine } from '../ask-hidden.ts';
import { asLoopback, type CallbackServer, listenForAnswer } from '../callback-server.ts';
import type { Host } from '../host.ts';
import { contextOf } from '../invocation.ts';
import { openBrowser } from '../open-browser.ts';
import { type CommandFlags, openCommand } from '../open-command.ts';
import { presentResult } from '../present-result.ts';
import type { Terminal } from '../terminal.ts';

interface AuthorizeFlags extends CommandFlags {
  readonly all?: boolean | undefined;
  readonly redirect?: string | undefined;
  readonly browser: boolean;
  readonly qr?: boolean | undefined;
  readonly allowReplace?: boolean | undefined;
  readonly allowLimits?: string | undefined;
  readonly ping?: boolean | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly lockTimeout: number;
  readonly verify: boolean;
  readonly record?: string | undefined;
}

/** A run of the command. */
interface Run {
  readonly flags: AuthorizeFlags;
  readonly host: Host;
  readonly ports: OperationPorts;
  readonly target: OperationTarget;
  readonly terminal: Terminal;
  readonly commands: CommandContext;
  readonly signal: AbortSignal;
}

/** `connectorctl authorize [KEY]` */
export async function runAuthorize(key: string | undefined, flags: AuthorizeFlags, host: Host): Promise<ExitCode> {
  checkUsage(key, flags);
  const interruption = new AbortController();
  const stopListening = host.listenForSignals(() => {
    if (interruption.signal.aborted) return host.exit(1);
    interruption.abort();
  });
  const { signal } = interruption;
  const { ports, target, terminal } = openCommand(flags, host, { signal });
  const commands = contextOf(flags, host);
  const run: Run = { flags, host, ports, target, terminal, commands, signal };
  try {
    const result =
      flags.redirect === undefined ? await askEach(key, run) : await complete(await readRedirect(run), key, run);
    return await presentResult(result, { command: 'authorize', format: flags.format, terminal, commands });
  } finally {
    stopListening();
  }
}

function checkUsage(key: string | undefined, { all = false, redirect }: AuthorizeFlags): void {
  if (key === undefined && !all) {
    throw wrongUsage(
      'No definition was named.',
      'Name the key of one, or ask for all that wait:\nconnectorctl authorize --all',
    );
  }
  if (key !== undefined && all) throw wrongUsage('--all cannot be combined with a key.', 'Omit one of the two.');
  if (redirect === undefined) return;
  if (redirect !== '-') {
    throw wrongUsage(
      'The address cannot be an argument: it holds a grant, and lists of processes show arguments.',
      'Nothing was sent. Give it on standard input: --redirect -',
    );
  }
  if (all)
    throw wrongUsage(
      '--redirect cannot be combined with --all.',
      'An address answers for one definition: name its key.',
    );
}

function wrongUsage(message: string, hint: string): UserError {
  return new UserError('usage', message, { kind: 'invalid', hint });
}

async function readRedirect({ host }: Run): Promise<Secret> {
  const address = await readHiddenInput(host);
  if (address !== undefined) return address;
  throw new UserError('not-an-answer', 'Standard input holds no address.', {
    kind: 'invalid',
    hint: 'Nothing was sent. Give it the whole address from the address bar of the browser.',
  });
}

function complete(
  redirectAddress: Secret,
  key: string | undefined,
  { flags, host, ports, target }: Run,
  request?: ConsentRequest,
): Promise<OperationResult> {
  const { allowReplace, allowLimits, verify, lockTimeout, record } = flags;
  return completeAuthorization(ports, target, {
    key: key ?? '',
    redirectAddress,
    nonce: request?.nonce,
    requestToken: request?.requestToken,
    allowReplace,
    allowLimits,
    verify,
    lockTimeout,
    record: record === undefined ? undefined : path.resolve(host.cwd, record),
  });
}

/** Asks for one after the other; each is completed before the next is asked for, so that no code grows old. */
async function askEach(key: string | undefined, run: Run): Promise<OperationResult> {
  const { flags, ports, target, terminal } = run;
  const { allowReplace, ping } = flags;
  // A person may take hours for all of them: each address is asked for when it is its turn.
  const asked = await consentRequests(ports, target, {
    keys: key === undefined ? undefined : [key],
    allowReplace,
    ping,
  });
  if ('result' in asked) return asked.result;
  const { requests, unasked, plan, diagnostics, directory } = asked;
  const canAnswer = terminal.interactive || requests.every(({ callback }) => asLoopback(callback) !== undefined);
  if (key !== undefined && unasked[0] !== undefined) {
    await asked.close();
    throw unasked[0].error;
  }
  if (requests.length === 0 || !canAnswer) {
    await asked.close();
    const later = requests.filter(isForLater);
    const never = requests
      .filter((one) => !isForLater(one))
      .map((one) => ({ key: one.key, error: needsTerminal(one) }));
    return { kind: 'asked', requests: later, unasked: [...unasked, ...never], plan, diagnostics, directory };
  }
  const [first] = requests;
  if (key !== undefined && first !== undefined) return await askOne(first, asked, run);
  return await askAll(asked, run);
}

/** Whether another run can take the answer. Of OAuth 1 only the one that asked can: its request has a secret that is kept nowhere. */
function isForLater({ kind }: ConsentRequest): boolean {
  return kind !== 'oauth1';
}

function needsTerminal({ key }: ConsentRequest): UserError {
  return new UserError(
    'consent-needs-terminal',
    'OAuth 1 needs a run that waits for its answer, and this one cannot: nobody is there to be asked. The provider was asked, and nothing else was sent.',
    {
      hint: `Run it at a terminal, or with a callback on this machine, such as http://127.0.0.1:8765/oauth, which works without one:\nconnectorctl authorize ${quoteWord(key)}`,
    },
  );
}

async function askOne(request: ConsentRequest, asked: ConsentRequests, run: Run): Promise<OperationResult> {
  try {
    const address = await waitForAnswer(request, run);
    // The embedded sandbox is one process at a time.
    await asked.close();
    return await complete(address, request.key, run, request);
  } finally {
    await asked.close();
  }
}

/** What one answer came to, or why there is none, is told in the table at the end, and keeps no other one from being asked. */
async function askAll(asked: ConsentRequests, run: Run): Promise<OperationResult> {
  const { plan, diagnostics, directory } = asked;
  await asked.close();
  const changeOf = (key: string): Change | undefined => plan.changes.find((one) => one.key === key);
  const outcomes = asked.unasked.flatMap(({ key, error }): Outcome[] => {
    const change = changeOf(key);
    return change === undefined ? [] : [failed(change, error)];
  });
  for (const { key } of asked.requests) {
    if (run.signal.aborted) break;
    const change = changeOf(key);
    try {
      const result = await askEach(key, run);
      if (result.kind === 'applied') outcomes.push(...nameLeftOut(result.applied, result.plan).outcomes);
      else if (change !== undefined) outcomes.push(failed(change, whyNot(result)));
    } catch (error) {
      if (!(error instanceof UserError) || change === undefined) throw error;
      outcomes.push(failed(change, error));
    }
  }
  const applied: ApplyResult = { outcomes, interrupted: run.signal.aborted };
  return { kind: 'applied', plan, applied, diagnostics, directory };
}

/** How a command ended that neither authorized anything nor threw. */
function whyNot(result: OperationResult): UserError {
  if (result.kind === 'asked' && result.unasked[0] !== undefined) return result.unasked[0].error;
  const { message, hint } = result.kind === 'declined' ? result : { message: 'It was not asked for.', hint: undefined };
  return new UserError('not-authorized', message, { hint });
}

function failed(change: Change, { code, message, hint }: UserError): Outcome {
  return { change, status: 'failed', id: change.id, failure: { code, message, hint } };
}

/** Shows the address, and waits for what comes back: on this machine where the callback leads here, else from the person. */
async function waitForAnswer(request: ConsentRequest, run: Run): Promise<Secret> {
  const { flags, host, terminal, signal } = run;
  const loopback = asLoopback(request.callback);
  const server =
    loopback === undefined ? undefined : await listenForAnswer({ callback: loopback, timeout: flags.timeout, signal });
  try {
    terminal.err(`${renderRequest(request)}\n`);
    if (flags.qr === true) showQr(request, run);
    if (flags.browser && terminal.interactive && openBrowser(request.url, host)) {
      terminal.note('Opened it in the browser.\n');
    }
    return server === undefined ? await askForAddress(run) : await waitAtServer(server, run);
  } finally {
    server?.close();
  }
}

/** A callback on this machine is none on the device that reads a QR code. */
function showQr({ url, callback }: ConsentRequest, { terminal, host }: Run): void {
  if (!terminal.interactive) return terminal.note('No QR code: nobody looks at a terminal.\n\n');
  if (asLoopback(callback) !== undefined) {
    return terminal.note(
      'No QR code: the callback leads to this machine, so the browser has to be on it, too. Open the address here.\n\n',
    );
  }
  const columns = host.stderr.screen?.columns ?? terminal.width;
  terminal.err(`${renderQr(url, { columns, color: terminal.errColor })}\n`);
}

function waitAtServer(server: CallbackServer, { terminal, flags }: Run): Promise<Secret> {
  terminal.note(`Waiting up to ${sayTimeout(flags.timeout)} for the answer. Press Ctrl-C to stop.\n`);
  return server.answer;
}

function sayTimeout(milliseconds: number): string {
  return milliseconds < 60_000 ? `${Math.ceil(milliseconds / 1000)} s` : `${Math.ceil(milliseconds / 60_000)} min`;
}

async function askForAddress({ host, terminal, signal }: Run): Promise<Secret> {
  terminal.err('The browser ends at the callback of the app, whatever that shows.\n');
  terminal.err('Paste the whole address from its address bar (it is not shown): ');
  const address = await readHiddenLine(host, signal);
  terminal.err('\n');
  if (address !== undefined) return address;
  throw new UserError('interrupted', 'No address was given.', { hint: 'Nothing was sent. Run the command again.' });
}
