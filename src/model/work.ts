import type { DesiredValue } from './desired.ts';
import type { AppliedVector } from './live.ts';
import type { Change } from './plan.ts';
import type { Secret } from './secret.ts';

/** What is sent to make an instance (platform-api §3). */
export interface CreateRequest {
  readonly connector: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly configuration: ReadonlyMap<string, DesiredValue>;
  readonly providerData: ReadonlyMap<string, Secret | string>;
  readonly externalAuthentication?: 'initial' | undefined;
}

/** What is sent to change an instance: only what changed. Tags are always the whole list (platform-api §5: PATCH replaces them). */
export interface UpdateRequest {
  readonly name?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly configuration?: ReadonlyMap<string, DesiredValue> | undefined;
  /** Tags that the instance had when it was planned on. What of them is sent again is somebody else's text, whatever it reads as. */
  readonly carriedTags?: readonly string[] | undefined;
}

/** What is sent to give a live instance a new login: its id and token stay, and its configuration is not part of it (platform-api §5). */
export interface ReauthorizeRequest {
  readonly connector: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly providerData: ReadonlyMap<string, Secret | string>;
  /** As in an update. */
  readonly carriedTags?: readonly string[] | undefined;
}

/** What has to be done for one change, with its secrets. Lives in memory only. */
export interface WorkItem {
  readonly change: Change;
  /** Key that the owner tag will carry. */
  readonly key: string;
  /** Key of the item that must have succeeded before: its instance carries the key tag that this one gets. May lead back here. */
  readonly after?: string;
  /** For the end of a replace: key of the item that must have made the new instance before this one is deleted. */
  readonly successor?: string | undefined;
  /** Id of the live instance; absent for create. */
  readonly id?: string;
  /** User tags that the instance will carry, without ours. */
  readonly userTags: readonly string[];
  /** What the applied-vector tags will say. */
  readonly applied: AppliedVector;
  /** For create. */
  readonly create?: Omit<CreateRequest, 'tags'>;
  /** For update, adopt and move: may be without any field when only our tags change. */
  readonly update?: Omit<UpdateRequest, 'tags'>;
  /** For reauthorize: what the provider gave for a new login of the live instance, sent once. */
  readonly grant?: Omit<ReauthorizeRequest, 'tags'> | undefined;
  /** Switch the instance on or off after the write (platform-api §5: its own endpoint). */
  readonly enabled?: boolean | undefined;
}
