import type { Json } from './json.ts';
import type { Action, Cause } from './plan.ts';
import type { Coded, Reason } from './plan-codes.ts';
import type { Pointer } from './position.ts';

/*
 * Why a plan is not carried out although it could be: codes with their arguments, as in `plan-codes.ts`. They are shown and never saved.
 */

/** What a plan is bound to, as the reviewed plan and the current one know it. */
interface Binding {
  readonly reviewed: string | undefined;
  readonly current: string | undefined;
}

/** What binds a reviewed plan to something else than what is planned now. */
export interface BindingArguments {
  'other-format': Binding;
  'other-version': Binding;
  'other-workspace': Binding;
  'other-environment': Binding;
  'other-platform': Binding;
  'other-account': Binding;
  'other-commit': Binding;
  /** The digest of the plan is not that of its changes. */
  'other-digest': Binding;
  /** So many changes of an action stand in the plan as its counts say. */
  'other-count': Binding & { readonly action: Action };
  /** Something of the plan as a whole is not what a plan would show now. */
  'other-content': Binding & { readonly member: string };
}

export type BindingFault<C extends keyof BindingArguments = keyof BindingArguments> = Coded<BindingArguments, C>;

/** A value in the reviewed plan and in the current one; undefined where a plan does not show it. */
interface Shown {
  readonly reviewed: Json | undefined;
  readonly current: Json | undefined;
}

interface OfField {
  readonly field: Pointer;
}

/** One thing in which a change is not the one that was reviewed. */
export interface DetailArguments {
  id: Shown;
  connector: Shown;
  name: Shown;
  'previous-key': Shown;
  'previous-environment': Shown;
  /** A replace was refused and no longer is, or the other way round. */
  refusal: { readonly isRefused: boolean };
  'field-added': OfField;
  'field-gone': OfField;
  'secret-changed': OfField;
  'live-value': OfField & Shown;
  'wanted-value': OfField & Shown;
  cause: OfField & { readonly reviewed: Cause; readonly current: Cause };
  /** File and line of the definition. */
  source: Shown;
  /** Line of the field. */
  line: OfField & Shown;
  meaning: OfField;
  /** A reason, a risk or a note that is not the same in both. */
  remark: { readonly kind: 'reason' | 'risk' | 'note'; readonly remark: string; readonly isNew: boolean };
  /** Something else that the plan shows. */
  shown: object;
}

export type DifferenceDetail<C extends keyof DetailArguments = keyof DetailArguments> = Coded<DetailArguments, C>;

/** How a change differs from the one that was reviewed. */
export interface DifferenceArguments {
  'not-reviewed': { readonly action: Action };
  'nothing-to-do': { readonly action: Action };
  'other-action': { readonly reviewed: Action; readonly current: Action; readonly reason: Reason | undefined };
  'hidden-value': object;
  /** The record of the review had no room for the values. */
  'not-kept': object;
  changed: { readonly details: readonly DifferenceDetail[] };
}

export type Difference<C extends keyof DifferenceArguments = keyof DifferenceArguments> = Coded<DifferenceArguments, C>;

interface Named {
  readonly id: string;
}

/** Why an instance that was named as a duplicate is not deleted. */
export interface DuplicateArguments {
  'not-there': Named;
  'ambiguous-owner': Named;
  'other-workspace': Named & { readonly workspace: string };
  'other-environment': Named & { readonly environment: string };
  'without-key': Named;
  'only-one': Named & { readonly key: string };
  'none-stays': { readonly instances: readonly string[]; readonly key: string };
  protected: Named;
  'protection-unknown': Named;
}

export type DuplicateFault<C extends keyof DuplicateArguments = keyof DuplicateArguments> = Coded<
  DuplicateArguments,
  C
>;
