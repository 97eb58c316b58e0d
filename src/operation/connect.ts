import { needStateFile } from '../disk/state-folder.ts';
import { readProxySettings } from '../http/dispatcher.ts';
import type { Environment, Workspace } from '../model/environment.ts';
import type { ConsentSigner } from '../model/consent.ts';
import type { Fingerprinter } from '../model/hashing.ts';
import { generalVariables } from '../model/own-variables.ts';
import { toPointer } from '../model/position.ts';
import type { PlatformReader, PlatformWriter } from '../model/platform.ts';
import type { Redactor, Secret } from '../model/secret.ts';
import { checkHost, normalizeBaseUrl } from '../platform/base-url.ts';
import { readAllowedHosts } from '../model/base-url.ts';
import { type Gate, type GateFigures, openGate } from '../platform/gate.ts';
import { connectReader } from '../platform/reader.ts';
import type { ConnectOptions, RequestLine } from '../platform/transport.ts';
import { connectWriter } from '../platform/writer.ts';
import {
  checkFingerprintKey,
  createConsentSigner,
  createFingerprinter,
  type FingerprintPlace,
} from '../secret/fingerprint.ts';
import { isWorthHiding, processSecrets } from '../secret/process-secrets.ts';
import { checkOwnVariables, readBothSecrets, readCredentials, readOwnSecret } from './credentials.ts';
import { hideInReader, hideInWriter } from './hide-secret-values.ts';
import { type OfflineFacts, openOfflineFacts } from './offline-facts.ts';
import type { OperationPorts } from './operation-ports.ts';

/** The platform account of an environment, reachable. */
export interface Connection {
  /** The secrets that the run was given, by the process or where the environment keeps them: for hiding only. */
  readonly given: readonly Secret[];
  /** For plan: has no way to write. */
  readonly reader: PlatformReader;
  /** Opens the connection that can write, for about so many changes. Must be called by apply only. */
  readonly openWriter: (changes: number) => PlatformWriter;
  /** What is known of connectors without the platform. Of those in use it is loaded. */
  readonly facts: OfflineFacts;
  readonly fingerprinter: Fingerprinter;
  /** Those of the former keys that are set. */
  readonly formerFingerprinters: readonly Fingerprinter[];
  /** By what an answer of a provider is known to belong to a definition of this environment. */
  readonly consent: { readonly signer: ConsentSigner; readonly host: string };
  /** How many requests may be under way at a time as things stand. */
  readonly window: () => number;
  close(): Promise<void>;
}

/** From so many changes on, of up to four requests each, the way for many requests is the cheaper one. */
const manyChanges = 500;

interface Access {
  readonly baseUrl: string;
  readonly userSecret: Secret;
  readonly organizationSecret: Secret;
  close(): Promise<void>;
}

interface ConnectSettings {
  readonly redactor: Redactor;
  /** Requests to the host at the same time; found by trying when absent. */
  readonly concurrency?: number | undefined;
}

interface ConnectPlace {
  readonly workspace: Workspace;
  readonly environment: Environment;
  /** Secrets that were read from where the environment keeps them: what a platform repeats may be any of them. */
  readonly hidden: readonly Secret[];
}

/** Opens the account that the environment names. Throws a UserError when credentials or host are not fit to be used. */
export async function connect(
  { workspace, environment, hidden }: ConnectPlace,
  ports: OperationPorts,
  settings: ConnectSettings,
): Promise<Connection> {
  checkOwnVariables({ workspace, environment }, ports);
  const keys = readFingerprintKeys(environment.name, ports);
  const access =
    environment.platform === 'sandbox'
      ? await ports.startSandbox(
          needStateFile(workspace.directory, `${environment.name}.jsonl`, 'The embedded sandbox'),
        )
      : remoteAccess({ workspace, environment }, ports);
  const { userSecret, organizationSecret } = access;
  settings.redactor.add(userSecret);
  settings.redactor.add(organizationSecret);
  for (const secret of [userSecret, organizationSecret]) ports.secretRead?.(secret);
  // Here, as no caller must forget them: what a platform repeats was sent by somebody once.
  const given = [...processSecrets(ports.env), ...hidden.filter((secret) => isWorthHiding(secret))];
  for (const secret of [keys.key, ...keys.former, ...given, ...hidden]) settings.redactor.add(secret);

  const place = { workspace: workspace.name, environment: environment.name, host: hostOf(environment) };
  const key = keys.key.isEmpty ? organizationSecret : keys.key;
  const gate = openGate(ports, settings.concurrency, ports.waits);
  const options = connectOptions(access, ports, { ...settings, gate });
  const facts = openOfflineFacts(workspace.directory);
  const hiding = { facts, redactor: settings.redactor };
  const reader = hideInReader(connectReader(options), hiding);
  if (environment.account !== undefined) await mustBelongTo(environment.account, reader, access);
  const writers: PlatformWriter[] = [];
  return {
    given,
    reader,
    openWriter: (changes) => {
      const writer = connectWriter({ ...options, isBusy: changes >= manyChanges });
      writers.push(writer);
      return hideInWriter(writer, hiding);
    },
    facts,
    fingerprinter: createFingerprinter(key, place),
    formerFingerprinters: listFormer(key, keys.former, { place, renamedFrom: environment.renamedFrom }),
    consent: { signer: createConsentSigner(key), host: place.host },
    window: gate.window,
    close: async () => {
      ports.logRequest?.(describeFigures(access.baseUrl, gate.describe()));
      await Promise.all([reader, ...writers].map((client) => client.close()));
      await access.close();
    },
  };
}

/** Throws when the credentials are those of another account. Nothing stays open then. */
async function mustBelongTo(account: string, reader: PlatformReader, access: Access): Promise<void> {
  try {
    await reader.checkAccount(account);
  } catch (error) {
    await reader.close();
    await access.close();
    throw error;
  }
}

/** All that older memories can be read with: former keys, and every key under the former name of the environment. */
function listFormer(
  key: Secret,
  former: readonly Secret[],
  { place, renamedFrom }: { readonly place: FingerprintPlace; readonly renamedFrom: string | undefined },
): readonly Fingerprinter[] {
  const here = former.map((secret) => createFingerprinter(secret, place));
  if (renamedFrom === undefined) return here;
  return [...here, ...[key, ...former].map((one) => createFingerprinter(one, { ...place, environment: renamedFrom }))];
}

/** What the hashes of a memory are and were made with. */
interface FingerprintKeys {
  /** Empty: the organisation secret takes its place. */
  readonly key: Secret;
  readonly former: readonly Secret[];
}

/** Throws a UserError when a key is too short. */
function readFingerprintKeys(environment: string, ports: OperationPorts): FingerprintKeys {
  const key = readOwnSecret(generalVariables.fingerprintKey, environment, ports);
  const previous = readBothSecrets(generalVariables.formerFingerprintKey, environment, ports);
  for (const one of [key, ...previous]) checkFingerprintKey(one);
  return {
    key,
    former: [...previous, ...readBothSecrets(generalVariables.formerOrganizationSecret, environment, ports)],
  };
}

/** The sandbox listens on another port each time, which is no other host. */
function hostOf({ platform, baseUrl }: Environment): FingerprintPlace['host'] {
  return platform === 'sandbox' ? 'sandbox' : new URL(normalizeBaseUrl(baseUrl ?? '')).host;
}

function remoteAccess(
  { workspace, environment }: { readonly workspace: Workspace; readonly environment: Environment },
  ports: OperationPorts,
): Access {
  const baseUrl = normalizeBaseUrl(environment.baseUrl ?? '');
  const { file, line, column } = workspace.at(`${toPointer('environments', environment.name)}/baseUrl`);
  checkHost(baseUrl, readAllowedHosts(ports.env), `${file}:${line}:${column}`);
  const { userSecret, organizationSecret } = readCredentials({ workspace, environment }, ports);
  return { baseUrl, userSecret, organizationSecret, close: async () => {} };
}

function connectOptions(
  access: Access,
  ports: OperationPorts,
  settings: ConnectSettings & { readonly gate: Gate },
): ConnectOptions {
  const { env, signal, logRequest, recorder, timeouts, dispatcher } = ports;
  return {
    baseUrl: access.baseUrl,
    credentials: { userSecret: access.userSecret, organizationSecret: access.organizationSecret },
    redactor: settings.redactor,
    gate: settings.gate,
    proxy: readProxySettings(env),
    userAgent: `connectorctl/${ports.toolVersion}`,
    sleep: ports.sleep,
    random: ports.random,
    waits: ports.waits,
    now: ports.now,
    dispatcher,
    concurrency: settings.concurrency,
    timeouts,
    signal,
    sent: recorder?.sent,
    log:
      logRequest === undefined && recorder === undefined
        ? undefined
        : (line: RequestLine) => {
            logRequest?.(describeRequest(line));
            recorder?.answered(line);
          },
  };
}

function describeRequest({ method, path, status, durationMs, requestId, attempt }: RequestLine): string {
  const again = attempt > 1 ? `  attempt ${attempt}` : '';
  const request = requestId === undefined ? '' : `  request ${requestId}`;
  return `${method} ${path}  ${status ?? 'no answer'}  ${Math.round(durationMs)} ms${again}${request}`;
}

function describeFigures(baseUrl: string, { requests, peak, refusals, rate }: GateFigures): string {
  const pace = rate === undefined ? '' : `, ${rate.toFixed(1)} a second after ${refusals} refusals`;
  return `${new URL(baseUrl).host}: ${requests} requests, up to ${peak} at a time${pace}`;
}
