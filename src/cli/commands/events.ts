import type { Secret } from '../../model/secret.ts';
import { UserError } from '../../model/user-error.ts';
import { isNamedHost, readAllowedHosts } from '../../model/base-url.ts';
import { parseUrl } from '../../model/parse-url.ts';
import type { EventNotification } from '../../events/events.ts';
import { startReceiver } from '../../events/receiver.ts';
import { eventsStatus } from '../../operation/events-status.ts';
import { testEvents } from '../../operation/events-test.ts';
import { type KnownSecrets, openKnownSecrets, type OperationPorts } from '../../operation/operation-ports.ts';
import { type ExitCode, exitCode, exitCodes } from '../../operation/exit-code.ts';
import type { OperationResult } from '../../operation/result.ts';
import { readSignatureKeys, type SignatureKeys } from '../../operation/signature-keys.ts';
import { readKeyFile, verifyEvent, type VerifyOptions } from '../../operation/verify-event.ts';
import { renderReceived, renderReceivedJson, type ShownRequest } from '../../report/events/render-received.ts';
import type { Host } from '../host.ts';
import { contextOf } from '../invocation.ts';
import { type CommandFlags, type GlobalFlags, openCommand } from '../open-command.ts';
import { presentResult } from '../present-result.ts';
import { displayOptions } from '../terminal.ts';

/** The same ports, whose secrets are known here, too: what is shown is anybody's. */
function tellingOf(ports: OperationPorts, known: KnownSecrets): OperationPorts {
  const secretRead = (secret: Secret): void => {
    known.learn(secret);
    ports.secretRead?.(secret);
  };
  return { ...ports, secretRead };
}

/** `connectorctl events verify BODY` */
export async function runVerifyEvent(
  body: string,
  flags: CommandFlags & Omit<VerifyOptions, 'body'>,
  host: Host,
): Promise<ExitCode> {
  const { ports, target, terminal } = openCommand(flags, host);
  const known = openKnownSecrets(host.env);
  const result = await verifyEvent(tellingOf(ports, known), target, { ...flags, body });
  // The body is anybody's, and may say what it should not know.
  const guarded = { ...terminal, out: (text: string) => terminal.out(known.redact(text)) };
  const shown = { format: flags.format, terminal: guarded, commands: contextOf(flags, host) };
  return presentResult(result, { command: 'events verify', ...shown });
}

/** `connectorctl events status [KEY]` */
export async function runEventsStatus(key: string | undefined, flags: CommandFlags, host: Host): Promise<ExitCode> {
  const { ports, target, terminal } = openCommand(flags, host);
  const result = await eventsStatus(ports, target, { key });
  const { format } = flags;
  return presentResult(result, { command: 'events status', format, terminal, commands: contextOf(flags, host) });
}

/** `connectorctl events test KEY` */
export async function runEventsTest(
  key: string,
  flags: CommandFlags & { readonly post?: boolean | undefined },
  host: Host,
): Promise<ExitCode> {
  const { ports, target, terminal } = openCommand(flags, host);
  const result = await testEvents(ports, target, { key, post: flags.post === true });
  const { format } = flags;
  return presentResult(result, { command: 'events test', format, terminal, commands: contextOf(flags, host) });
}

interface ListenFlags extends GlobalFlags {
  readonly port: number;
  readonly key?: string | undefined;
  readonly keyFrom?: string | undefined;
  readonly forward?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `connectorctl events listen`: receives until it is interrupted. */
export async function runListen(flags: ListenFlags, host: Host): Promise<ExitCode> {
  const { ports, target, terminal } = openCommand(flags, host);
  const forwardTo = flags.forward === undefined ? undefined : readForward(flags.forward, host.env);
  const known = openKnownSecrets(host.env);
  const withSecrets = tellingOf(ports, known);
  const keys =
    flags.key === undefined
      ? await readSignatureKeys(withSecrets, target, flags.keyFrom)
      : fromFile(readKeyFile(flags.key, withSecrets));
  if ('result' in keys) return present(keys.result, flags, host);

  const show = (request: ShownRequest): string =>
    flags.json === true ? renderReceivedJson(request) : renderReceived(request, displayOptions(terminal));
  const lines = collectLines((text) => terminal.out(text));
  const receiver = await startReceiver({
    port: flags.port,
    forwardTo,
    date: ports.date,
    sleep: ports.sleep,
    keysFor: (claimed) => keysFor(keys, claimed),
    onReceived: (request) => {
      const { notification } = request;
      const definition = notification && keys.definitionOf(notification.instanceTags);
      lines.put(known.redact(show({ ...request, definition })));
    },
  });
  terminal.note(`Listening on http://127.0.0.1:${receiver.port}/ for notifications. Press Ctrl-C to stop.\n`);
  await untilInterrupted(host);
  await receiver.close();
  lines.flush();
  return exitCodes.done;
}

/** Writes what came in one turn at once: in a storm of notifications, each line by itself would cost more than all else. */
function collectLines(write: (text: string) => void): {
  readonly put: (line: string) => void;
  readonly flush: () => void;
} {
  let waiting: string[] = [];
  const flush = (): void => {
    const text = waiting.join('');
    waiting = [];
    if (text !== '') write(text);
  };
  return {
    put: (line) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push(line);
    },
    flush,
  };
}

async function untilInterrupted(host: Host): Promise<void> {
  await new Promise<void>((resolve) => {
    // Whoever cannot wait for the end interrupts once more.
    const stop = host.listenForSignals(() => {
      stop();
      resolve();
    });
  });
}

async function present(result: OperationResult, flags: ListenFlags, host: Host): Promise<ExitCode> {
  const { terminal } = openCommand(flags, host);
  await presentResult(result, { command: 'events listen', format: 'text', terminal, commands: contextOf(flags, host) });
  return exitCode(result);
}

function fromFile(key: Secret): SignatureKeys {
  return { byDefinition: new Map([['', key]]), loginOf: () => undefined, definitionOf: () => undefined };
}

/** An instance's own key, where its definition has one: with the key of another nobody may speak for it. */
function keysFor(keys: SignatureKeys, claimed: EventNotification | undefined): readonly Secret[] {
  const definition = claimed && keys.definitionOf(claimed.instanceTags);
  const own = definition === undefined ? undefined : keys.byDefinition.get(definition);
  return own === undefined ? [...keys.byDefinition.values()] : [own];
}

/** Notifications hold what providers know of customers: they go to this machine, or where the process environment says. */
function readForward(text: string, env: Host['env']): URL {
  const url = /^https?:\/\//i.test(text) ? parseUrl(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') {
    throw new UserError('invalid-forward', '--forward is not a URL that can be used.', {
      kind: 'invalid',
      hint: 'Write scheme, host and path, without a user name: http://127.0.0.1:3000/events',
    });
  }
  if (isNamedHost(url, readAllowedHosts(env))) return url;
  throw new UserError('host-not-allowed', `Notifications are not forwarded to ${url.host}: it is not this machine.`, {
    kind: 'refused',
    hint: `If it is right, allow it in the process environment:\nCONNECTORCTL_ALLOWED_HOSTS=${url.host}`,
  });
}
