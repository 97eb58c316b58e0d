import type { ApplyResult } from '../model/apply.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import type { RunHistory } from '../model/run-history.ts';
import type { UserError } from '../model/user-error.ts';
import type { Refusal } from './refusal.ts';
import type { RecordGap } from './run-recorder.ts';

/** A definition made by `convert`. */
export interface ConvertedDefinition {
  /** File the body came from; `-` for standard input. */
  readonly from: string;
  readonly key: string;
  readonly yaml: string;
  /** Names of the secret references made. */
  readonly secrets: readonly string[];
  /** Names of the variable references made. */
  readonly vars: readonly string[];
  /** Path it was written to, relative to the folder of the command. */
  readonly writtenTo?: string;
}

/** Drift that was written into a definition. */
export interface AcceptedDrift {
  readonly key: string;
  readonly file: string;
  /** How many fields were written. */
  readonly fields: number;
  /** Fields that cannot be written, each with the reason. */
  readonly refused: readonly { readonly at: string; readonly reason: string }[];
}

/** A live instance that became a definition. */
export interface ImportedDefinition {
  readonly id: string;
  readonly key: string;
  /** Path relative to the workspace folder. */
  readonly file: string;
  /** `written`: a new file. `changed`, `unchanged`: it had a definition already. */
  readonly status: 'written' | 'changed' | 'unchanged';
  /** Names of the secret references made. */
  readonly secrets: readonly string[];
  /** Keys of the live instance that are not in the definition, and why. */
  readonly leftOut: readonly { readonly key: string; readonly why: string }[];
}

/** A file that init looked after. */
export interface InitializedFile {
  /** Path relative to the folder of the command. */
  readonly file: string;
  /** `kept`: it was there with another text, and was not touched. */
  readonly status: 'written' | 'kept' | 'unchanged';
}

/**
 * How a command ended: the one result type of all operations.
 * Reports are made from it, and so is the exit code (`exit-code.ts`).
 * `directory` is the absolute folder that the files of the diagnostics are relative to.
 */
export type Ending =
  /** The user's files were checked, and nothing more: `validate`, and every other command when they are invalid. */
  | {
      readonly kind: 'checked';
      readonly diagnostics: readonly Diagnostic[];
      readonly files: number;
      readonly directory?: string;
    }
  | {
      readonly kind: 'planned';
      readonly plan: Plan;
      /** Why apply would refuse all of it. */
      readonly refusal?: Refusal;
      readonly diagnostics: readonly Diagnostic[];
      readonly directory?: string;
    }
  | {
      readonly kind: 'applied';
      readonly plan: Plan;
      readonly result: ApplyResult;
      /** What is missing from the run record. */
      readonly recordGap?: RecordGap;
      readonly diagnostics: readonly Diagnostic[];
      readonly directory?: string;
    }
  /** A person, or the lack of one, stopped the apply. Nothing was sent. */
  | {
      readonly kind: 'declined';
      readonly plan: Plan;
      readonly message: string;
      readonly hint: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  | {
      readonly kind: 'converted';
      readonly definitions: readonly ConvertedDefinition[];
      readonly diagnostics: readonly Diagnostic[];
    }
  /** The plan holds only what drifted. */
  | {
      readonly kind: 'drifted';
      readonly plan: Plan;
      readonly accepted: readonly AcceptedDrift[];
      readonly diagnostics: readonly Diagnostic[];
      readonly directory: string;
    }
  | {
      readonly kind: 'imported';
      readonly definitions: readonly ImportedDefinition[];
      /** What `--adopt` did to the tags of the live instances. */
      readonly result?: ApplyResult;
      readonly diagnostics: readonly Diagnostic[];
      readonly directory: string;
    }
  | {
      readonly kind: 'initialized';
      readonly files: readonly InitializedFile[];
      /** Lines that workflows of the user's lack. */
      readonly additions: readonly { readonly file: string; readonly lines: readonly string[] }[];
      /** Environments that the workflows work on, each with the secrets that GitHub has to hold. */
      readonly environments: readonly { readonly name: string; readonly secrets: readonly string[] }[];
      readonly hasDefinitions: boolean;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** What a run record tells. */
  | { readonly kind: 'history'; readonly history: RunHistory; readonly diagnostics: readonly Diagnostic[] }
  /** The world refused. */
  | { readonly kind: 'stopped'; readonly error: UserError; readonly diagnostics: readonly Diagnostic[] };
