import type { Secret } from '../../model/secret.ts';
import { type Annotation, renderAnnotation } from '../../report/diagnostics/annotation.ts';
import { visible } from '../../model/visible.ts';
import { escapeCommandData } from '../../report/escape/workflow-command.ts';

/** The log of a step. A runner reads it for commands, so that whatever goes there is either a command of ours or disarmed. */
export interface RunnerLog {
  /** Prints text, whoever wrote it. Nothing in it can be a command. */
  print(text: string): void;
  /** Prints text that is folded under a title. */
  printFolded(title: string, text: string): void;
  /** Shows annotations on the lines of files and on the run, in order; prints those that GitHub would not show. */
  annotate(annotations: readonly Annotation[]): void;
  /** Lets the runner mask a secret wherever it stands from now on. */
  mask(secret: Secret): void;
}

interface LogOptions {
  readonly write: (text: string) => void;
  /** Makes a word that nobody can guess, of letters and digits; a new one each time. */
  readonly makeToken: () => string;
  /** Forms of a secret that must be masked and were not yet, each on one line. */
  readonly learn: (secret: Secret) => readonly string[];
}

/** Opens the log of a step. Must be the only writer to stdout and stderr, as a runner reads commands from both (actions/runner). */
export function openLog({ write, makeToken, learn }: LogOptions): RunnerLog {
  const print = (text: string): void => {
    if (text === '') return;
    const token = makeToken();
    // The guard makes the runner deaf; the text is disarmed all the same, as another reader of the log knows no guard.
    write(`::stop-commands::${token}\n${disarm(text)}\n::${token}::\n`);
  };
  return {
    print,
    printFolded: (title, text) => {
      if (text === '') return;
      write(`::group::${escapeCommandData(visible(title))}\n`);
      print(text);
      write('::endgroup::\n');
    },
    annotate: (annotations) => {
      const { shown, leftOut } = limitAnnotations(annotations);
      for (const one of shown) write(`${renderAnnotation(one)}\n`);
      print(leftOut.map(renderPlain).join('\n'));
    },
    mask: (secret) => {
      for (const form of learn(secret)) write(`::add-mask::${escapeCommandData(form)}\n`);
    },
  };
}

function disarm(text: string): string {
  const lines = text.trimEnd().split(/\r\n|[\n\r]/);
  return lines.map(visible).join('\n');
}

function renderPlain({ level, title, message, at }: Annotation): string {
  const place = at === undefined ? '' : `${at.file}:${at.line}${at.column === undefined ? '' : `:${at.column}`}: `;
  return `${place}${level}: ${title}: ${message}`;
}

/** A runner passes on this many annotations of each level from one step (actions/runner, ExecutionContext.cs). */
const maxOfLevel = 10;

/** A runner cuts a longer message (actions/runner, ExecutionContext.cs). */
const maxMessage = 4_096;

const levels = ['error', 'warning', 'notice'] as const;

interface LimitedAnnotations {
  /** What GitHub shows; the last one of a level says how many of it were left out. */
  readonly shown: readonly Annotation[];
  readonly leftOut: readonly Annotation[];
}

/** Keeps what GitHub shows of one step: errors first, and of each level the first ones. */
function limitAnnotations(annotations: readonly Annotation[]): LimitedAnnotations {
  const parts = levels.map((level) => limitLevel(level, annotations));
  return {
    shown: parts.flatMap((part) => part.shown).map(shorten),
    leftOut: parts.flatMap((part) => part.leftOut),
  };
}

function limitLevel(level: Annotation['level'], annotations: readonly Annotation[]): LimitedAnnotations {
  const all = annotations.filter((one) => one.level === level);
  if (all.length <= maxOfLevel) return { shown: all, leftOut: [] };
  const [shown, leftOut] = [all.slice(0, maxOfLevel - 1), all.slice(maxOfLevel - 1)];
  const notice = {
    level,
    title: `${leftOut.length} more`,
    message: `${leftOut.length} more of this kind are not shown here, as GitHub shows only ${maxOfLevel} for each step. They are in the log of the step.`,
  };
  return { shown: [...shown, notice], leftOut };
}

function shorten(annotation: Annotation): Annotation {
  const { message } = annotation;
  return message.length <= maxMessage ? annotation : { ...annotation, message: `${message.slice(0, maxMessage - 1)}…` };
}
