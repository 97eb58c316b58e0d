import type { Secret } from './secret.ts';

/** An environment of a workspace: what instances belong to (design §3). */
export interface OwningEnvironment {
  readonly workspace: string;
  readonly environment: string;
}

/** Who manages a live instance, read from its tags (design §3). */
export interface Owner extends OwningEnvironment {
  /** Absent when only the tag of the environment is there. */
  readonly key?: string;
}

/** The environment that is being looked after, and which instances it may take for its own. */
export interface OurEnvironment extends OwningEnvironment {
  /** Name that it had before: what carries it is still ours. */
  readonly renamedFrom?: string | undefined;
}

/** Whether the instance with this owner belongs to the environment, under its present or its former name. */
export function isOurs(owner: Owner | undefined, { workspace, environment, renamedFrom }: OurEnvironment): boolean {
  if (owner === undefined || owner.workspace !== workspace) return false;
  return owner.environment === environment || owner.environment === renamedFrom;
}

/** What was last applied for one field. Both are truncated keyed hashes. */
export interface AppliedEntry {
  readonly value: string;
  /** Hash of what the platform made of the value, when it answered with something else. */
  readonly echo?: string | undefined;
  /** Nobody saw or sent it: it was taken to be what the definition said when it was remembered. Then there is no echo. */
  readonly assumed?: true | undefined;
  /** What stands on the platform may come from a secret of ours, so that it must not be shown. */
  readonly secret?: true | undefined;
  /** The value was a secret with text around it, or several: nobody can tell from the hash which ones were in it. */
  readonly composed?: true | undefined;
  /** Hash of what the definition said in its place, where that was a reference: whoever has no values compares by it. */
  readonly reference?: string | undefined;
}

/** What was last applied, read from the instance's own tags (design §3). */
export interface AppliedVector {
  /** Distinguishes a changed HMAC key from changed values. */
  readonly check: string;
  /** Hash of the id of the instance that it was written for; absent when it was written before there was an id. */
  readonly instance?: string | undefined;
  /** Hash of a field's pointer to what was applied. */
  readonly entries: ReadonlyMap<string, AppliedEntry>;
  /** What was remembered under HMAC keys that nobody had any more: one of these fields may have left its definition unseen. */
  readonly former?: readonly FormerNames[] | undefined;
}

/** What the tags of an instance say: nothing, what nobody can read, or what was last applied. */
export type AppliedTags = AppliedVector | undefined | 'damaged';

/** Fields that were remembered under another HMAC key. */
export interface FormerNames {
  /** Check value of that key. */
  readonly check: string;
  /** Hashes of the pointers of the fields. */
  readonly names: readonly string[];
}

/**
 * An instance as the platform answered it.
 * Configuration values are text or null (platform-api §7); those under a secret-looking key are Secrets from the moment they are read.
 */
export interface LiveInstance {
  /** Numeric on the platform; text here, so that it is never computed with. */
  readonly id: string;
  /** Key of the connector. */
  readonly connector: string;
  readonly name: string;
  /** All tags, ours included, in the platform's order. */
  readonly tags: readonly string[];
  /** Undefined when the answer did not hold it (platform-api §4: lists without configuration). */
  readonly configuration?: ReadonlyMap<string, string | Secret | null> | undefined;
  readonly disabled: boolean;
  /** False when the platform's own check failed; absent when it did not say. */
  readonly valid?: boolean | undefined;
  readonly token?: Secret | undefined;
  /** `oauth1`, `oauth2`, `basic`, `custom`, when the answer says so. */
  readonly authentication?: string | undefined;
  readonly createdDate?: string | undefined;
}

/** A live instance with what its tags say about it. */
export interface OwnedInstance extends LiveInstance {
  readonly configuration: ReadonlyMap<string, string | Secret | null>;
  readonly owner?: Owner | undefined;
  /** All its tags that name an owner, when they do not name one alone; `owner` is absent then. */
  readonly claims?: readonly string[] | undefined;
  /** What was last applied, where it is known otherwise than from the tags: of an instance that is made of a definition. */
  readonly applied?: AppliedTags;
  /** Tags without ours. */
  readonly userTags: readonly string[];
}
