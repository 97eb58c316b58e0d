/*
 * What planning answers instead of sentences: codes, each with its arguments. Closed: a code that is not named here does not compile,
 * nor does one that has no words yet (`report/plan/`). Plain data, so that it can be saved, hashed and redacted.
 */

import type { UnsetReference } from './desired.ts';

/** One of the codes of `A`, with its arguments. */
export type Coded<A, C extends keyof A = keyof A> = { readonly [K in C]: { readonly code: K } & A[K] }[C];

type Ids = readonly string[];
type Keys = readonly string[];

/** A code that says all by itself. */
type Nothing = object;

/** An instance whose tags do not name one owner. */
export interface DisputedInstance {
  readonly id: string;
  /** The owner tags on it, sorted. */
  readonly tags: readonly string[];
  /** The tag that is not there, when all that is wrong is that its key tag stands alone. */
  readonly missing?: string;
}

/** What all reasons of an orphan share. */
interface Orphan {
  /** Key of the definition whose replace left it over; null when its definition is gone. */
  readonly leftOverFrom: string | null;
}

/** Several instances with one key. */
interface SameKey {
  readonly instances: Ids;
  /** Those of which all the others may be deleted: none of the others is protected. */
  readonly mayStay: Ids;
}

interface OtherConnector {
  readonly from: string;
  readonly to: string;
}

/** Why a definition, or an instance without one, waits or stops. */
export interface ReasonArguments {
  'same-key': SameKey & { readonly key: string };
  'ambiguous-owner': {
    readonly key: string;
    readonly disputed: readonly DisputedInstance[];
    /** Those that carry the key and nothing that contradicts it. */
    readonly instances: Ids;
    /** The owner tags that the right one carries, and no others. */
    readonly expected: readonly string[];
  };
  'ambiguous-move': { readonly instances: Ids; readonly keys: Keys };
  'unclear-rename': {
    readonly key: string;
    /** The one that carries the key; null when none does. */
    readonly holder: string | null;
    /** Those that have the connector and the name. */
    readonly instances: Ids;
  };
  'unclear-twins': { readonly key: string; readonly holder: string; readonly instances: Ids };
  'memory-of-other': {
    readonly key: string;
    readonly id: string;
    /** The instance that its tags were written for; null when none has that id any more. */
    readonly other: string | null;
  };
  'same-name': { readonly instances: Ids };
  'same-name-ambiguous-owner': { readonly disputed: readonly DisputedInstance[] };
  /** Values are missing without which nothing can be compared. */
  'reference-unset': { readonly references: readonly UnsetReference[] };
  /** The platform has no such connector; `nearest` is the key that was probably meant, null when none is near. */
  'unknown-connector': { readonly connector: string; readonly nearest: string | null };
  'adopt-not-found': { readonly id: string };
  'adopt-asked-twice': { readonly id: string; readonly keys: Keys };
  'adopt-other-connector': { readonly id: string; readonly connector: string; readonly wanted: string };
  'adopt-ambiguous-owner': { readonly disputed: DisputedInstance };
  'adopt-other-workspace': { readonly id: string; readonly workspace: string };
  'adopt-other-environment': { readonly id: string; readonly environment: string };
  /** Instances of this workspace that may be meant, in environments that the workspace file does not have. */
  'environment-gone': { readonly instances: Ids; readonly environments: readonly string[] };
  'adopt-managed': { readonly id: string; readonly key: string };
  'grant-missing': {
    /** References in `providerData` that are not set; none where the definition has no grant at all. */
    readonly references: readonly string[];
    /** It is known that a person has to consent at the provider: then `authorize` asks for it. */
    readonly needsConsent?: true | undefined;
  };
  /** A live instance whose login a person has to give again. */
  'login-gone': {
    readonly why: 'disabled' | 'invalid' | 'ping-failed';
    /** References in `providerData` that are not set; none where there is a grant, or none is declared. */
    readonly references: readonly string[];
    /** Whether the definition holds a grant, which `--resend` sends. */
    readonly hasGrant: boolean;
  };
  'replace-protected': OtherConnector;
  'replace-not-allowed': OtherConnector;
  'replace-grant-missing': OtherConnector & { readonly references: readonly string[] };
  'prune-off': Orphan & {
    /** Keys of new definitions of its connector, which may be meant to go on with it; absent when there are none, or many. */
    readonly creates?: Keys;
    /** Environments that its definition is for, as it is there and not for this one; absent when it is gone. */
    readonly onlyIn?: readonly string[];
  };
  /** Prune is on, and there is no definition at all. */
  'prune-empty': Orphan & { readonly onlyIn?: readonly string[] };
  'orphan-wanted': Orphan & { readonly wantedBy: Keys };
  'orphan-name-planned': Orphan & { readonly creates: Keys };
  'orphan-same-key': Orphan & SameKey;
  'orphan-ambiguous-owner': Orphan & { readonly instances: Ids };
  'successor-missing': Orphan & { readonly successor: string };
  protected: Orphan;
  'protection-unknown': Orphan;
}

export type Reason<C extends keyof ReasonArguments = keyof ReasonArguments> = Coded<ReasonArguments, C>;

/** Fields whose values nobody can compare: configuration keys, or pointers. */
interface Hidden {
  readonly fields: readonly string[];
}

/** A configuration key whose secret is sent by other definitions too. */
interface SharedSecret {
  readonly key: string;
  /** The first of them. */
  readonly definitions: Keys;
  /** How many more there are. */
  readonly more: number;
  /** Other environments for which they do. Empty: in this one, or as they are written without any override. */
  readonly environments: readonly string[];
}

/** Something to know that is no change. */
export interface NoteArguments {
  disabled: Nothing;
  invalid: Nothing;
  'polling-stopped': Nothing;
  /** The platform gave up sending the events of the instance. */
  'subscription-inactive': { readonly subscriptions: Ids };
  /** A former callback gets each event too. */
  'subscription-left': { readonly subscriptions: Ids };
  /** The provider's refusal in its own words. `requestId` is null when there was none. */
  'ping-failed': { readonly answer: string; readonly requestId: string | null };
  gone: Nothing;
  'not-adopted': Nothing;
  'not-comparable': Hidden;
  'no-memory': Hidden;
  'memory-damaged': Hidden;
  'fingerprint-key-changed': Hidden & {
    /** How many fields were remembered that the definition does not hold any more, and that nobody can name. */
    readonly removed: number;
  };
  'removed-key-left': { readonly keys: readonly string[] };
  'removed-key-unnamed': { readonly count: number };
  /** Keys that are not declared, and under which the instance leads elsewhere than its connector does by itself. */
  'undeclared-address': { readonly keys: readonly string[] };
  'adopt-ignored': { readonly adopt: string; readonly id: string };
  'same-name-elsewhere': { readonly instances: Ids; readonly workspaces: readonly string[] };
  'same-name-other-environment': { readonly instances: Ids; readonly environments: readonly string[] };
  /** A new instance sends the secret under `key` to another address than the instances of other definitions do. */
  'secret-used-elsewhere': SharedSecret;
  'environment-gone': { readonly id: string; readonly key: string | null; readonly environment: string };
  'no-key-tag': { readonly id: string };
  'ambiguous-owner': { readonly disputed: DisputedInstance };
  duplicate: { readonly key: string; readonly kept: Ids };
  /** The end of a replace that was stopped: `key` is of the definition whose new instance takes its place. */
  replaced: { readonly key: string };
  'not-known-offline': Nothing;
  'needs-grant': { readonly references: readonly string[] };
}

export type Note<C extends keyof NoteArguments = keyof NoteArguments> = Coded<NoteArguments, C>;

/** A danger that a reviewer must not miss (design §5). */
export interface RiskArguments {
  'endpoint-changed-secret-kept': { readonly key: string; readonly secrets: readonly string[] };
  /** The secret under `key` is in force in other definitions, which send it to other addresses. */
  'secret-sent-elsewhere': SharedSecret;
  'events-switched-off': Nothing;
  'events-switched-on': Nothing;
  'signature-key-changed': Nothing;
  'signature-key-removed': Nothing;
  /** Receivers get its name and its tags with each event, and may route by them (platform-api §10). */
  'renamed-for-receivers': Nothing;
  'retagged-for-receivers': Nothing;
  'callback-host-changed': {
    readonly key: string;
    /** Null: not shown. */
    readonly from: string | null;
    /** Null: no URL. */
    readonly to: string | null;
    /** True: neither host stands here. */
    readonly secret: boolean;
  };
  'identity-will-change': Nothing;
}

export type Risk<C extends keyof RiskArguments = keyof RiskArguments> = Coded<RiskArguments, C> & {
  /** 1-based line in the definition's file. */
  readonly line?: number;
};

/** A value that came to be another one. Null: it was not there, or is not shown. */
interface Sides {
  readonly from: string | null;
  readonly to: string;
}

/** Where a hidden value comes from; never what it is. */
export type Origin = Coded<{ reference: { readonly name: string }; literal: Nothing; empty: Nothing }>;

/** What a change of a field means, where that is known. */
export interface MeaningArguments {
  'poll-interval': Sides;
  'instance-switched': Sides;
  'events-switched': Sides;
  'callback-host': Sides;
  'tags-changed': { readonly added: readonly string[]; readonly removed: readonly string[] };
  default: Nothing;
  'unknown-default': Nothing;
  'sent-again': Nothing;
  'new-reference': { readonly to: Origin };
  'other-reference': { readonly from: Origin; readonly to: Origin };
  'text-around-reference': { readonly to: Origin };
  'other-literal': Nothing;
}

export type FieldMeaning<C extends keyof MeaningArguments = keyof MeaningArguments> = Coded<MeaningArguments, C>;

/** Where something stands in the definitions of another commit, in the words of its diagnostic. */
export interface BasePlace {
  readonly file: string | null;
  readonly line: number;
  readonly message: string;
}

/** The first places, and how many more there are. */
interface BasePlaces {
  readonly places: readonly BasePlace[];
  readonly more: number;
}

interface Moved {
  readonly from: string;
  readonly to: string;
}

/** What a reader must know before the changes of an offline plan. */
export interface RemarkArguments {
  'apply-would-refuse': { readonly breaches: readonly Breach[] };
  'no-common-commit': { readonly ref: string };
  'base-without-workspace': { readonly file: string };
  'base-workspace-invalid': BasePlaces;
  'base-without-environment': { readonly environment: string };
  'other-platform': Moved;
  'workspace-renamed': Moved;
  'setting-changed': { readonly setting: string; readonly from: string | null; readonly to: string | null };
  'base-definitions-invalid': BasePlaces;
  'all-new': Nothing;
  'base-file-left-out': { readonly file: string; readonly why: string };
  'more-remarks': { readonly count: number };
}

export type OfflineRemark<C extends keyof RemarkArguments = keyof RemarkArguments> = Coded<RemarkArguments, C>;

/** How many of the instances of a workspace, and how many the limit allows. */
interface Share {
  readonly count: number;
  readonly ownedLive: number;
  readonly percent: number;
}

/** A limit of the environment that a plan breaks. */
export interface BreachArguments {
  'max-delete': { readonly count: number; readonly allowed: number };
  'max-delete-percent': Share;
  'max-create': { readonly count: number; readonly allowed: number };
  'max-change-percent': Share;
  /** So many instances were owned when the folder last knew it, none of them can be seen, and so many are to be created. */
  'nothing-owned': { readonly count: number; readonly owned: number };
}

export type Breach<C extends keyof BreachArguments = keyof BreachArguments> = Coded<BreachArguments, C>;
