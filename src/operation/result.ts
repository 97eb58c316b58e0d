import type { LeftOutKey } from '../definition/import/import-options.ts';
import type { EventNotification } from '../events/events.ts';
import type { SignatureVerdict } from '../events/explain-signature.ts';
import type { ApplyResult } from '../model/apply.ts';
import type { ConnectorPage, ListedConnector } from '../model/connector-page.ts';
import type { ConsentKind, ShownConsent } from '../model/consent.ts';
import type { Diagnostic, SilencedDiagnostic } from '../model/diagnostic.ts';
import type { EventDelivery } from '../model/event-delivery.ts';
import type { EnvironmentStatus } from '../model/instance-status.ts';
import type { ListedSecret } from '../model/listed-secret.ts';
import type { Plan, UnchangedInstance } from '../model/plan.ts';
import type { RunHistory } from '../model/run-history.ts';
import type { SetUp } from '../model/set-up-check.ts';
import type { UserError } from '../model/user-error.ts';

/** Lines that are missing from a record although what they tell of happened. */
export interface RecordGap {
  /** Absolute path of the record. */
  readonly file: string;
  /** How many lines could not be written. */
  readonly lines: number;
  /** What the first refusal was, in the words of the operating system. */
  readonly reason: string;
}

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

/** A connector whose entries were read from the platform. */
export interface PulledConnector {
  readonly key: string;
  /** Path relative to the workspace folder. */
  readonly file: string;
  readonly status: 'written' | 'changed' | 'unchanged';
}

/** Drift that was written into a definition. */
export interface AcceptedDrift {
  readonly key: string;
  readonly file: string;
  /** How many fields were written. */
  readonly fields: number;
  /** Fields that cannot be written, each with the reason. */
  readonly refused: readonly { readonly at: string; readonly reason: string }[];
  /** Fields whose value came from variables and is written out now. */
  readonly replaced?: readonly { readonly at: string; readonly vars: readonly string[] }[] | undefined;
}

/** A live instance that became a definition. */
export interface ImportedDefinition {
  readonly id: string;
  readonly key: string;
  /** Path relative to the workspace folder. */
  readonly file: string;
  /**
   * `written`: a new file. `joined`: it is the same connection as in other environments, and stands in their definition now.
   * `changed`, `unchanged`: it had a definition already. `waiting`: references of its definition are not set, so that
   * it could not be compared. `kept`: writing over its file would lose edits that no commit holds.
   */
  readonly status: 'written' | 'joined' | 'changed' | 'unchanged' | 'waiting' | 'kept';
  /** Names of the secret references made. */
  readonly secrets: readonly string[];
  /** Names of the variable references made. */
  readonly vars: readonly string[];
  /** Keys of the live instance that are not in the definition, and why. */
  readonly leftOut: readonly LeftOutKey[];
  /** Pointers to what this environment has for itself in the definition that was joined. */
  readonly overridden?: readonly string[] | undefined;
  /** True: several definitions or instances have the name, and nothing told which is which. */
  readonly guessed?: boolean | undefined;
  /** Key of a definition without an instance in this environment whose name differs by a word for an environment only: perhaps the same connection. */
  readonly alike?: string | undefined;
}

/** An address at which a person consents for a definition. */
export interface AskedConsent extends ShownConsent {
  readonly kind: ConsentKind;
  /** Where the provider sends the person back to; undefined where that is a secret. */
  readonly callback?: string | undefined;
}

/** A definition for which nobody can be asked. */
export interface UnaskedConsent {
  readonly key: string;
  /** Why: its message and hint are for people. */
  readonly error: UserError;
}

/** A file that init looked after. */
export interface InitializedFile {
  /** Path relative to the folder of the command. */
  readonly file: string;
  /** `kept`: it was there with another text, and was not touched. `changed`: it was there, and was added to or written anew, as asked for. */
  readonly status: 'written' | 'changed' | 'kept' | 'unchanged';
}

/**
 * How a command ended: the one result type of all operations.
 * Reports are made from it, and so is the exit code.
 * `directory` is the absolute folder that the files of the diagnostics are relative to.
 */
export type OperationResult =
  /** The user's files were checked, and nothing more: `validate`, and every other command when they are invalid. */
  | {
      readonly kind: 'checked';
      readonly diagnostics: readonly Diagnostic[];
      /** What comments in the files silence; absent where nothing looked. */
      readonly silenced?: readonly SilencedDiagnostic[] | undefined;
      readonly files: number;
      /** The files that were checked, relative to `directory`; absent where no report names them. */
      readonly checkedFiles?: readonly string[] | undefined;
      readonly directory?: string | undefined;
    }
  | {
      readonly kind: 'planned';
      readonly plan: Plan;
      /** Absent where the platform was not asked. */
      readonly unchanged?: readonly UnchangedInstance[] | undefined;
      /** Why apply would refuse all of it. */
      readonly refusal?: Refusal | undefined;
      readonly diagnostics: readonly Diagnostic[];
      /** What comments in the definitions silence. */
      readonly silenced: readonly SilencedDiagnostic[];
      readonly directory?: string | undefined;
      /** The workspace file, relative to its folder: the place of what belongs to no definition. */
      readonly workspaceFile?: string | undefined;
    }
  | {
      readonly kind: 'applied';
      readonly plan: Plan;
      readonly unchanged?: readonly UnchangedInstance[] | undefined;
      readonly applied: ApplyResult;
      /** Digest that a plan of what was refused for want of a review will have; absent when nothing was. */
      readonly rest?: string | undefined;
      /** What is missing from the run record. */
      readonly recordGap?: RecordGap | undefined;
      readonly diagnostics: readonly Diagnostic[];
      readonly directory?: string | undefined;
    }
  /** Where a person has to consent, as nobody is there to be asked. Nothing was sent but reads. */
  | {
      readonly kind: 'asked';
      readonly requests: readonly AskedConsent[];
      readonly unasked: readonly UnaskedConsent[];
      readonly plan: Plan;
      readonly diagnostics: readonly Diagnostic[];
      readonly directory: string;
    }
  /** A person, or the lack of one, stopped the apply. Nothing was sent. */
  | {
      readonly kind: 'declined';
      readonly plan: Plan;
      readonly unchanged?: readonly UnchangedInstance[] | undefined;
      readonly message: string;
      readonly hint: string;
      readonly diagnostics: readonly Diagnostic[];
    }
  | {
      readonly kind: 'converted';
      readonly definitions: readonly ConvertedDefinition[];
      readonly diagnostics: readonly Diagnostic[];
    }
  | {
      readonly kind: 'pulled';
      readonly connectors: readonly PulledConnector[];
      /** Schemas for editors that were written anew, relative to the workspace folder. */
      readonly editorFiles: readonly string[];
      readonly diagnostics: readonly Diagnostic[];
      readonly directory: string;
    }
  | { readonly kind: 'explained'; readonly page: ConnectorPage; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly kind: 'listed';
      readonly connectors: readonly ListedConnector[];
      /** What the list was searched for. */
      readonly word: string | undefined;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** Which secrets the definitions of an environment need. */
  | {
      readonly kind: 'secrets';
      readonly secrets: readonly ListedSecret[];
      readonly environment: string;
      /** Whether what is not set is an error. */
      readonly isCheck: boolean;
      readonly diagnostics: readonly Diagnostic[];
      readonly directory: string;
    }
  /** Which connections an environment has. */
  | {
      readonly kind: 'status';
      readonly status: EnvironmentStatus;
      /** Whether the providers were asked. */
      readonly isPinged: boolean;
      readonly diagnostics: readonly Diagnostic[];
      readonly directory: string;
    }
  /** How the set-up of an environment is. */
  | {
      readonly kind: 'examined';
      readonly setUp: SetUp;
      readonly diagnostics: readonly Diagnostic[];
      readonly directory: string;
    }
  /** The plan holds only what drifted. */
  | {
      readonly kind: 'drifted';
      readonly plan: Plan;
      readonly accepted: readonly AcceptedDrift[];
      readonly diagnostics: readonly Diagnostic[];
      readonly directory: string;
      readonly workspaceFile: string;
    }
  | {
      readonly kind: 'imported';
      /** Name of the environment that was read. */
      readonly environment: string;
      readonly definitions: readonly ImportedDefinition[];
      /** What `--adopt` did to the tags of the live instances. */
      readonly applied?: ApplyResult | undefined;
      /** What ended it before all were written, or before `--adopt` marked any of them. */
      readonly stoppedBy?: UserError | undefined;
      readonly diagnostics: readonly Diagnostic[];
      readonly directory: string;
    }
  | {
      readonly kind: 'initialized';
      readonly files: readonly InitializedFile[];
      /** Lines that workflows of the user's lack: for the step, or for the matrix where `environments` says which have no job. */
      readonly additions: readonly {
        readonly file: string;
        readonly lines: readonly string[];
        readonly environments?: readonly string[];
      }[];
      /** Lines that files of editors lack, which cannot be added to. */
      readonly editorAdditions: readonly { readonly file: string; readonly lines: readonly string[] }[];
      /** What somebody changed in workflows of ours, which an upgrade keeps. */
      readonly differences: readonly { readonly file: string; readonly lines: readonly string[] }[];
      /** Environments that the workflows work on, each with the secrets that GitHub has to hold. */
      readonly environments: readonly {
        readonly name: string;
        readonly secrets: readonly string[];
        /** Host that CONNECTORCTL_ALLOWED_HOSTS has to name; absent where it need not. */
        readonly ownHost?: string | undefined;
      }[];
      readonly hasDefinitions: boolean;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** How the events of the instances of an environment fare. */
  | {
      readonly kind: 'events';
      readonly environment: string;
      readonly deliveries: readonly EventDelivery[];
      readonly diagnostics: readonly Diagnostic[];
    }
  /** How a signature compares with a body and a key. */
  | {
      readonly kind: 'verified';
      readonly verdict: SignatureVerdict;
      /** What the body says; undefined when it is no notification. */
      readonly notification: EventNotification | undefined;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** What a run record tells. */
  | { readonly kind: 'history'; readonly history: RunHistory; readonly diagnostics: readonly Diagnostic[] }
  /** The world refused. */
  | { readonly kind: 'stopped'; readonly error: UserError; readonly diagnostics: readonly Diagnostic[] };

/** How an import ended. */
export type ImportedResult = Extract<OperationResult, { kind: 'imported' }>;

/** Why an apply must not go on, and the way out. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}
