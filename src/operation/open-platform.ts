import type { Redactor, Secret } from '../model/secret.ts';
import { processSecrets } from '../secret/process-secrets.ts';
import { createRedactor } from '../secret/redactor.ts';
import type { LockPlace } from './apply-lock.ts';
import { connect, type Connection } from './connect.ts';
import type { LoadedDefinitions } from './load-definitions.ts';
import type { OperationPorts } from './operation-ports.ts';
import { ahead, readAhead } from './read-ahead.ts';

/** Whose platform is opened. */
type OpenPlace = Pick<LoadedDefinitions, 'workspace' | 'environment' | 'hidden'>;

/** The platform, and what must not be seen of its answers. */
export interface Opened {
  readonly connection: Connection;
  readonly redactor: Redactor;
  /** Whose credentials these are, fit to be shown. Asked once; the first call may get what was asked ahead. */
  readonly readAccount: () => Promise<string | undefined>;
}

/** The way to the platform for one plan. */
interface Opening {
  /**
   * Opens it before the definitions are checked, and asks for what every plan needs. What comes of it counts, or is thrown, at `open`.
   * Answers how to let its answers in. Does nothing where it may not, and for a sandbox, which is a part of this process.
   */
  readonly ahead: (place: OpenPlace) => (() => Promise<void>) | undefined;
  /** Throws a UserError when credentials or host are not fit to be used. */
  readonly open: (place: OpenPlace) => Promise<Opened>;
  /** Closes what is open. Nobody waits for what was asked ahead. */
  readonly abandon: () => Promise<void>;
}

interface OpeningOptions {
  /** Requests at the same time, at least 1. Found by trying when absent. */
  readonly concurrency?: number | undefined;
  /** Called before anything is asked. */
  readonly beforeReading?: ((place: LockPlace) => Promise<void>) | undefined;
  /** Whether it may be asked before the definitions are checked. It may not when absent. */
  readonly readsAhead?: ((place: LockPlace) => boolean) | undefined;
}

/** Opens the platform once, early or late. */
export function prepareOpening(ports: OperationPorts, options: OpeningOptions): Opening {
  const stop = new AbortController();
  let opened: Promise<Opened> | undefined;
  return {
    ahead: (place) => {
      const { environment } = place;
      if (environment.platform === 'sandbox' || options.readsAhead?.(lockPlaceOf(place)) !== true) return undefined;
      const signal = ports.signal === undefined ? stop.signal : AbortSignal.any([ports.signal, stop.signal]);
      opened = openPlatform(place, { ...ports, signal }, options).then(({ connection, redactor, readAccount }) => {
        const { maxUnlisted } = environment.limits;
        const account = ahead(readAccount);
        const reader = readAhead(connection.reader, { instances: { maxUnlisted } });
        return { connection: { ...connection, reader }, redactor, readAccount: account };
      });
      opened.catch(() => {});
      return ports.giveWay;
    },
    open: (place) => (opened ??= openPlatform(place, ports, options)),
    abandon: async () => {
      stop.abort();
      await opened?.then(({ connection }) => connection.close()).catch(() => {});
    },
  };
}

async function openPlatform(
  place: OpenPlace,
  ports: OperationPorts,
  { beforeReading, concurrency }: OpeningOptions,
): Promise<Opened> {
  const { hidden } = place;
  await beforeReading?.(lockPlaceOf(place));
  const known = [...processSecrets(ports.env), ...hidden];
  const redactor = createRedactor(known);
  // It knows what is known until then. To look for the secrets of all instances takes longer than all the rest of a plan.
  const ofAccount = createRedactor(known);
  let isOpen = false;
  const add = (secret: Secret): void => {
    redactor.add(secret);
    if (!isOpen) ofAccount.add(secret);
  };
  const connection = await connect(place, ports, { redactor: { ...redactor, add }, concurrency });
  isOpen = true;
  return {
    connection,
    redactor,
    readAccount: async () => {
      const account = await connection.reader.readAccount();
      return account === undefined ? undefined : ofAccount.redact(account);
    },
  };
}

function lockPlaceOf({ workspace, environment }: OpenPlace): LockPlace {
  return { directory: workspace.directory, environment: environment.name };
}
