import { ApiError } from './api-error.ts';
import { catalogue } from './catalogue/catalogue.ts';
import type { SandboxConnector } from './catalogue/connector.ts';
import type { SandboxCredentials } from './authorization.ts';
import type { Quirks } from './quirks.ts';
import type { SandboxState } from './state/sandbox-state.ts';
import type { StoredInstance } from './state/stored-instance.ts';

interface TenantOptions {
  readonly state: SandboxState;
  readonly credentials: SandboxCredentials;
  readonly quirks: Quirks;
  readonly clock: () => Date;
}

/** One platform account: its credentials, what it knows, how it behaves. */
export class Tenant {
  readonly state: SandboxState;
  readonly credentials: SandboxCredentials;
  readonly quirks: Quirks;
  readonly clock: () => Date;
  readonly #connectors: ReadonlyMap<string, SandboxConnector>;

  constructor(options: TenantOptions) {
    this.state = options.state;
    this.credentials = options.credentials;
    this.quirks = options.quirks;
    this.clock = options.clock;
    // By key and by id: the platform takes either (platform-api §3).
    this.#connectors = new Map(
      catalogue.flatMap((connector) => [
        [connector.key, connector],
        [String(connector.id), connector],
      ]),
    );
  }

  /** Throws the documented 404 when the catalogue does not have it (platform-api §3). */
  connector(keyOrId: string): SandboxConnector {
    const connector = this.#connectors.get(keyOrId);
    if (connector === undefined) throw new ApiError(404, `No element found with key ${keyOrId}`);
    return connector;
  }

  /** Throws a 404 when there is none (platform-api §4; the platform's words are not known). */
  instance(id: string): StoredInstance {
    const instance = /^\d+$/.test(id) ? this.state.find(Number(id)) : undefined;
    if (instance === undefined) throw new ApiError(404, `No element instance found with id ${id}`);
    return instance;
  }

  findByToken(token: string): StoredInstance | undefined {
    return this.state.findByToken(token);
  }
}
