import { ApiError } from './api-error.ts';
import type { SandboxConnector } from './catalogue/connector.ts';
import type { KnownConnectors } from './catalogue/known-connectors.ts';
import type { SandboxCredentials } from './authorization.ts';
import type { Quirks } from './quirks.ts';
import type { SandboxState } from './state/sandbox-state.ts';
import type { StoredInstance } from './state/stored-instance.ts';

interface TenantOptions {
  readonly state: SandboxState;
  readonly credentials: SandboxCredentials;
  readonly quirks: Quirks;
  readonly clock: () => Date;
  readonly connectors: KnownConnectors;
}

/** One platform account: its credentials, what it knows, how it behaves. */
export class Tenant {
  readonly state: SandboxState;
  readonly credentials: SandboxCredentials;
  readonly quirks: Quirks;
  readonly clock: () => Date;
  readonly connectors: KnownConnectors;
  #serial = 0;

  constructor(options: TenantOptions) {
    this.state = options.state;
    this.credentials = options.credentials;
    this.quirks = options.quirks;
    this.clock = options.clock;
    this.connectors = options.connectors;
  }

  /** Throws the documented 404 when the catalogue does not have it (platform-api §3). */
  connector(keyOrId: string): SandboxConnector {
    const connector = this.connectors.find(keyOrId);
    if (connector === undefined) throw new ApiError(404, `No element found with key ${keyOrId}`);
    return connector;
  }

  /** Throws a 404 when there is none (platform-api §4; the platform's words are not known). */
  instance(id: string): StoredInstance {
    const instance = /^\d+$/.test(id) ? this.state.find(Number(id)) : undefined;
    if (instance === undefined) throw new ApiError(404, `No element instance found with id ${id}`);
    return instance;
  }

  /** Another number each time, so that two grants of the same moment differ. */
  nextSerial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  findByToken(token: string): StoredInstance | undefined {
    return this.state.findByToken(token);
  }
}
