import type { Connector } from './connector.ts';
import type { ListedSubscription, ListedEvent, LivePollingJob } from './event-delivery.ts';
import type { LiveInstance } from './live.ts';
import type { Target } from './plan.ts';
import type { Secret } from './secret.ts';
import { UserError } from './user-error.ts';
import type { ConsentApp, RequestToken } from './consent.ts';
import type { CreateRequest, ReauthorizeRequest, UpdateRequest } from './work.ts';

/** A formula instance that may use an element instance (platform-api §6, §12). */
export interface FormulaInstance {
  readonly id: string;
  readonly name: string;
}

/** What a ping through an instance answered (platform-api §5, Health). A message begins with the status: `HTTP 401: …`. */
export type Ping =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly requestId?: string | undefined };

/** What one answer shows. */
export interface Probe {
  /** Whose credentials these are, as far as the platform says. */
  readonly account: { readonly id?: string | undefined; readonly name?: string | undefined };
  /** The time of the platform, as the header has it. */
  readonly date: string | undefined;
}

export interface ListInstancesOptions {
  /** Only those that carry it. */
  readonly tag?: string | undefined;
  /** Told of each instance that was left out. */
  readonly onLeftOut?: ((instance: UnreadableInstance) => void) | undefined;
  /** By how many the total of the platform may be larger than what it shows. Not for those of one tag: what carries it has to be seen. Default 0. */
  readonly maxUnlisted?: number | undefined;
  /** Told by how many it was larger. */
  readonly onUnlisted?: ((count: number) => void) | undefined;
}

/** An instance of somebody else that cannot be read. */
export interface UnreadableInstance {
  /** Absent when not even that can be read. */
  readonly id?: string | undefined;
  /** A clause in our own words. */
  readonly problem: string;
}

/**
 * The platform as plan sees it. Has no way to write.
 * Every function throws a PlatformError when the answer is not complete; it never returns a part as if it were the whole.
 */
export interface PlatformReader {
  readonly target: Target;
  /** Who the credentials belong to: `GET /organizations/me` (platform-api §2). */
  readAccount(): Promise<string | undefined>;
  /** Asks once, for what the answer shows of the way to the platform and of the account. */
  probe(): Promise<Probe>;
  /**
   * Asks whose credentials these are, and throws a UserError of kind `refused` unless it is the organisation with this id or name.
   * What the platform does not say counts as another one.
   */
  checkAccount(account: string): Promise<void>;
  /**
   * All instances that the credentials may see, each once. Configuration may be missing (platform-api §4).
   * One that cannot be read and carries no tag of ours is left out.
   */
  listInstances(options?: ListInstancesOptions): Promise<readonly LiveInstance[]>;
  /** Undefined when there is none with that id. */
  readInstance(id: string): Promise<LiveInstance | undefined>;
  /** Undefined when the catalogue does not know the key. */
  readConnector(key: string): Promise<Connector | undefined>;
  /** The address at which a person consents: `GET /elements/{key}/oauth/url` (platform-api §9). Holds nothing but what the platform made of the app. */
  readConsentUrl(connector: string, app: ConsentApp, requestToken?: RequestToken): Promise<string>;
  /** The first step of OAuth 1: `GET /elements/{key}/oauth/token` (platform-facts D4). */
  readRequestToken(connector: string, app: ConsentApp): Promise<RequestToken>;
  listFormulaInstances(instanceId: string): Promise<readonly FormulaInstance[]>;
  /** Asks the provider through the instance, with the instance's own token. */
  ping(token: Secret): Promise<Ping>;
  /**
   * Ids of instances whose polling job the platform switched off after failures in a row, which neither `disabled` nor `valid` shows
   * (help centre, "Resuming polling jobs after auto-disable"). None where the platform has no such list. Throws a PlatformError where it does not show it.
   */
  listStoppedPolling(): Promise<ReadonlySet<string>>;
  /** The callbacks of all instances of the account. Undefined where the platform does not answer this. */
  listSubscriptions(): Promise<readonly ListedSubscription[] | undefined>;
  /** The polling jobs of the account. Undefined where the platform does not answer this. */
  listPollingJobs(): Promise<readonly LivePollingJob[] | undefined>;
  /** The last events of an instance, the newest first. Undefined where the platform does not answer this. */
  listInstanceEvents(id: string): Promise<readonly ListedEvent[] | undefined>;
  /** Closes connections. */
  close(): Promise<void>;
}

/** An instance as the answer to a write shows it. */
export interface WrittenInstance extends LiveInstance {
  /**
   * What the platform says in a header although it answered with success: it left out a part of what was asked,
   * for instance what the user has no privilege for (platform-api §12, `elements-error`). Escaped and redacted.
   */
  readonly elementsError?: string | undefined;
  /** Whether an attempt before the one that was answered ended unclear: the same write may be carried out once more, over what is written meanwhile. */
  readonly mayComeLate?: boolean | undefined;
}

/** What the platform says about a write that it answers without an instance. */
export type Acknowledgement = Pick<WrittenInstance, 'elementsError'>;

/** The platform as apply sees it. What is returned is the full instance after the write. */
export interface PlatformWriter extends PlatformReader {
  /** POST /instances, sent once: the client tries again only while no connection comes about, and never once something was sent. */
  createInstance(request: CreateRequest): Promise<WrittenInstance>;
  /** PATCH /instances/{id}. Repeated after a transient fault, as it is idempotent. */
  updateInstance(id: string, request: UpdateRequest): Promise<WrittenInstance>;
  /**
   * PUT /instances/{id} with what the provider gave: id and token stay, and so does the configuration, which is not sent (platform-facts D8).
   * Sent once, as a grant works once; unclear when no usable answer came.
   */
  reauthorizeInstance(id: string, request: ReauthorizeRequest): Promise<WrittenInstance>;
  setEnabled(id: string, enabled: boolean): Promise<Acknowledgement>;
  /** DELETE /instances/{id}; one that is gone already counts as done (platform-api §6). */
  deleteInstance(id: string): Promise<void>;
  /** DELETE /notifications/subscriptions/{id}; one that is gone already counts as done. */
  deleteSubscription(id: string): Promise<void>;
}

export interface PlatformErrorOptions {
  /** HTTP status, when there was an answer. */
  readonly status?: number | undefined;
  /** Milliseconds that the platform asked to wait before another try, when it did. */
  readonly retryAfter?: number | undefined;
  /** The platform's id of the request, for its support. */
  readonly requestId?: string | undefined;
  /** True: the request may have been carried out although no usable answer came. */
  readonly unclear?: boolean | undefined;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The platform refused, or could not be reached. The message holds the server's own words, escaped and redacted. */
export class PlatformError extends UserError {
  override name = 'PlatformError';
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;
  readonly unclear: boolean;

  constructor(code: string, message: string, options: PlatformErrorOptions = {}) {
    super(code, message, { hint: options.hint, cause: options.cause });
    this.status = options.status;
    this.retryAfter = options.retryAfter;
    this.requestId = options.requestId;
    this.unclear = options.unclear ?? false;
  }
}
