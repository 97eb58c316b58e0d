import type { Annotation } from '../../report/diagnostics/annotation.ts';

/** A runner passes on this many remarks of each level from one step (actions/runner, ExecutionContext.cs). */
const maxOfLevel = 10;

/** A runner cuts a longer message (actions/runner, ExecutionContext.cs). */
const maxMessage = 4_096;

const levels = ['error', 'warning', 'notice'] as const;

interface LimitedAnnotations {
  /** What GitHub shows; the last one of a level says how many of it were left out. */
  readonly shown: readonly Annotation[];
  readonly left: readonly Annotation[];
}

/** Keeps what GitHub shows of one step: errors first, and of each level the first ones. */
export function limitAnnotations(annotations: readonly Annotation[]): LimitedAnnotations {
  const parts = levels.map((level) => limitLevel(level, annotations));
  return {
    shown: parts.flatMap((part) => part.shown).map(shorten),
    left: parts.flatMap((part) => part.left),
  };
}

function limitLevel(level: Annotation['level'], annotations: readonly Annotation[]): LimitedAnnotations {
  const all = annotations.filter((one) => one.level === level);
  if (all.length <= maxOfLevel) return { shown: all, left: [] };
  const [shown, left] = [all.slice(0, maxOfLevel - 1), all.slice(maxOfLevel - 1)];
  const notice = {
    level,
    title: `${left.length} more`,
    message: `${left.length} more of this kind are not shown here, as GitHub shows only ${maxOfLevel} for each step. They are in the log of the step.`,
  };
  return { shown: [...shown, notice], left };
}

function shorten(annotation: Annotation): Annotation {
  const { message } = annotation;
  return message.length <= maxMessage ? annotation : { ...annotation, message: `${message.slice(0, maxMessage - 1)}…` };
}
