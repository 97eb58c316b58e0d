import type { Position } from '../model/position.ts';
import type { Outline, Path, Subject } from './subject.ts';
import type { ValidationContext } from './validation-context.ts';

/** One complaint of a rule about one place. */
export interface Finding {
  readonly path: Path;
  /** `key` marks the key of the place instead of its value. */
  readonly part?: 'key' | 'value';
  /** Part of the text that stands there: start and end (exclusive), in UTF-16 code units. */
  readonly span?: { readonly start: number; readonly end: number };
  /** Full sentence with the names. Must never hold a secret: see `showText`. */
  readonly detail: string;
  readonly hint?: string | undefined;
  /** Where it weighs otherwise than the rule says. */
  readonly severity?: 'error' | 'warning' | undefined;
  readonly related?: readonly { readonly message: string; readonly at: Position }[] | undefined;
}

/** What is the same for all complaints of a rule. */
export interface RuleText {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** What is wrong, in few words and without names. */
  readonly message: string;
  /** Why it matters, for people who meet the code in a report. */
  readonly help: string;
  /**
   * What this rule says better. `schema`: the plain complaint of the JSON Schema about the same place or one above it.
   * `all`: whatever else is said about the value there.
   */
  readonly hides?: 'schema' | 'all';
}

/** A rule that needs one document only. */
export interface DocumentRule extends RuleText {
  check(subject: Subject, context: ValidationContext): readonly Finding[];
}

/** A rule that compares documents with each other. */
export interface WorkspaceRule extends RuleText {
  checkAll(
    outlines: readonly Outline[],
    context: ValidationContext,
  ): readonly { readonly outline: Outline; readonly finding: Finding }[];
}

/** What a rule finds in a document. */
export interface Found {
  readonly rule: RuleText;
  readonly outline: Outline;
  readonly finding: Finding;
}
