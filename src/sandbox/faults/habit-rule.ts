import type { OddForm } from './odd-entries.ts';

/** Lists show what happened `ms` milliseconds ago by the sandbox's clock, and nothing that came later. */
export interface ListLagFault {
  readonly kind: 'list-lag';
  readonly ms: number;
  /** What a list learns late. Default `all`. */
  readonly of?: 'all' | 'creates' | 'changes' | 'deletes';
}

/** The list changes between two pages, as by somebody who deletes or makes an instance meanwhile. Applies to every page but the first. */
export interface PageShiftFault {
  readonly kind: 'page-shift';
  /** Rows move up, so that some are never shown; move down, so that some come twice; or come in another order. Default `skip`. */
  readonly form?: 'skip' | 'repeat' | 'reorder';
  /** By how many rows. Default 1. */
  readonly by?: number;
}

/** Lists come in pages of `size` at most, whatever is asked for. */
export interface SmallPagesFault {
  readonly kind: 'small-pages';
  readonly size: number;
}

/** Pages do not tell how many there are in all. */
interface NoTotalFault {
  readonly kind: 'no-total';
}

/** GET of an instance answers as it was `ms` milliseconds ago; one that was not there yet is answered as it is. */
export interface StaleReadFault {
  readonly kind: 'stale-read';
  readonly ms: number;
}

/** A write is answered 200, and a part of it is not taken. */
export interface IgnoreWriteFault {
  readonly kind: 'ignore-write';
  /** `enabled`: switching on and off. Default `configuration`. */
  readonly of?: 'configuration' | 'name' | 'tags' | 'enabled' | 'everything';
  /** Of the configuration only this key. */
  readonly key?: string;
  /** Whether the header `elements-error` tells of it. Default false. */
  readonly header?: boolean;
}

/** A PATCH with a configuration takes the place of the whole one. */
interface ReplaceOnPatchFault {
  readonly kind: 'replace-on-patch';
}

/** GET shows values otherwise than the answer to a write did. */
export interface NormaliseOnReadFault {
  readonly kind: 'normalise-on-read';
  /** Default `lower`. */
  readonly form?: NormalForm;
  /** Only the value of this key. */
  readonly key?: string;
}

export const normalForms = [
  'lower',
  'upper',
  'trim',
  'booleans',
  'html',
  'cut',
  'nfc',
  'url',
  'slash',
  'json-order',
  'json-defaults',
  'decimals',
  'mask',
  'dropped',
] as const;

export type NormalForm = (typeof normalForms)[number];

/** The provider gives new tokens, right before an instance is shown. */
interface RotateTokensFault {
  readonly kind: 'rotate-tokens';
}

/** The provider has taken back the consent of an instance, right before it is pinged: the fifth ping that fails switches it off. */
interface WithdrawConsentFault {
  readonly kind: 'withdraw-consent';
}

/** User tags are shown otherwise than they were sent; the tags of this tool are kept. */
export interface DropTagsFault {
  readonly kind: 'drop-tags';
  /** The first one is lost, all are, or they are spelt otherwise. Default `first`. */
  readonly form?: 'first' | 'all' | 'lower' | 'upper' | 'html';
}

/** Instances that are hard to read stand in every list that is of no tag. */
export interface OddForeignFault {
  readonly kind: 'odd-foreign';
  /** Default: one of each. */
  readonly form?: OddForm;
}

/** Answers as to another user of the account, who sees none of the instances: their lists are empty, and each is a 404. Applies to reads. */
interface OtherUserFault {
  readonly kind: 'other-user';
}

/** What a platform does otherwise than one expects, as long as nothing else keeps the request from it. */
export type HabitFault =
  | ListLagFault
  | PageShiftFault
  | SmallPagesFault
  | NoTotalFault
  | StaleReadFault
  | IgnoreWriteFault
  | ReplaceOnPatchFault
  | NormaliseOnReadFault
  | RotateTokensFault
  | WithdrawConsentFault
  | DropTagsFault
  | OddForeignFault
  | OtherUserFault;
