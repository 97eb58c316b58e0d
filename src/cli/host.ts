import type { Secret } from '../model/secret.ts';

/** What the command line knows of whoever runs it: a process, or a test that stands in for one. */
export interface Host {
  /** Folder in which the command was given; absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Collects the secrets that were read from elsewhere, so that a crash shows none; nobody asks for them when undefined. */
  readonly met?: Set<Secret> | undefined;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Calls the listener at each SIGINT and SIGTERM, until the answered function is called. */
  readonly listenForSignals: (listener: () => void) => () => void;
  /** Ends at once, whatever is under way. */
  readonly exit: (code: number) => void;
}

export interface Input {
  /** Opened only where something is read: a process that opens its input may have to wait for it. */
  readonly open: () => NodeJS.ReadableStream;
  readonly isTerminal: boolean;
}

export interface Output {
  readonly write: (text: string) => void;
  /** The screen that a person looks at; undefined where the text goes to a file or a pipe. */
  readonly screen: NodeJS.WriteStream | undefined;
}
