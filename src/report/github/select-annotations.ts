import type { Diagnostic } from '../../model/diagnostic.ts';
import { type Change, type FieldChange, isHarmed, type Plan } from '../../model/plan.ts';
import type { Note } from '../../model/plan-codes.ts';
import { type Annotation, type AnnotationPlace, toAnnotation } from '../diagnostics/annotation.ts';
import { visible } from '../../model/visible.ts';
import { shorten } from '../fit-text.ts';
import { type CommandContext, commandsAbout } from '../next-step.ts';
import { describeNote, describeRisk } from '../plan/change-words.ts';
import { nameField } from '../plan/field-name.ts';
import { causeWords } from '../plan/plan-words.ts';
import { describeNextStep, describeReason } from '../plan/reason-words.ts';
import { secretShown, showValue } from '../plan/show-value.ts';
import { annotationLimits } from './github-limits.ts';
import { riskWords } from './order-by-danger.ts';

interface AnnotationOptions {
  /** Most of each level, as GitHub counts; 10 by default. */
  readonly perLevel?: number | undefined;
  /** Most of all; 50 by default. */
  readonly total?: number | undefined;
  /** Path of the workspace folder below the root of the repository, with `/` at its end. */
  readonly pathPrefix?: string | undefined;
  /** File for what belongs to no definition any more, relative to the workspace folder; none is named when absent. */
  readonly workspaceFile?: string | undefined;
  readonly commands?: CommandContext | undefined;
}

interface SelectedAnnotations {
  /** The most dangerous first. */
  readonly annotations: readonly Annotation[];
  readonly leftOut: number;
}

const longestTitle = 120;
const longestMessage = 1000;
const longestValue = 120;

/** What a remark is about, the most urgent first. */
const subjects = [
  'problem',
  'conflict',
  'blocked',
  'delete',
  'replace',
  'risk',
  'drift',
  'warning',
  'authorize',
  'reauthorize',
] as const;

type RemarkSubject = (typeof subjects)[number];

/** Its file is relative to the workspace folder. */
interface Remark extends Annotation {
  readonly subject: RemarkSubject;
}

/**
 * Remarks on the lines of the definitions: problems, conflicts, deletions, replaces, risks, drift, what waits for a person.
 * The most dangerous first, and no more than GitHub shows, so that none of those is dropped for a lesser one.
 * A deleted definition has no line any more: its remark stands on the workspace file, or on none.
 */
export function selectAnnotations(
  plan: Pick<Plan, 'changes' | 'environment'> | undefined,
  diagnostics: readonly Diagnostic[],
  options: AnnotationOptions = {},
): SelectedAnnotations {
  const { perLevel = annotationLimits.perLevel, total = annotationLimits.total } = options;
  const about = plan === undefined ? options : { ...options, commands: commandsAbout(plan, options.commands) };
  const remarks = [
    ...diagnostics.map(toProblem),
    ...(plan?.changes ?? []).flatMap((change) => toRemarks(change, about)),
  ].toSorted((left, right) => subjects.indexOf(left.subject) - subjects.indexOf(right.subject));

  const counts = { error: 0, warning: 0, notice: 0 };
  const kept: Remark[] = [];
  for (const remark of remarks) {
    if (kept.length >= total || counts[remark.level] >= perLevel) continue;
    counts[remark.level] += 1;
    kept.push(remark);
  }
  return {
    annotations: kept.map((remark) => finish(remark, options)),
    leftOut: remarks.length - kept.length,
  };
}

function toProblem(diagnostic: Diagnostic): Remark {
  return { subject: diagnostic.severity === 'error' ? 'problem' : 'warning', ...toAnnotation(diagnostic, '') };
}

function toRemarks(change: Change, options: AnnotationOptions): readonly Remark[] {
  const risks = change.risks.map((risk): Remark => ({
    subject: 'risk',
    level: 'warning',
    title: `${change.key}: ${riskWords[risk.code]}`,
    message: describeRisk(risk, change),
    at: placeOf(change, risk.line, options),
  }));
  return [...toActionRemarks(change, options), ...risks, ...toDriftRemarks(change, options)];
}

function toActionRemarks(change: Change, options: AnnotationOptions): readonly Remark[] {
  const { action, key } = change;
  const [reason, hint] = [describeReason(change), describeNextStep(change, options.commands ?? {})];
  if (!isSubject(action)) return [];
  const about = `${change.connector} "${change.name}"${change.id === undefined ? '' : `, id ${change.id}`}`;
  const titles = {
    conflict: `${key} is in conflict`,
    blocked: `${key} is blocked`,
    delete: `${key} will be deleted`,
    replace: reason === undefined ? `${key} will be replaced` : `${key} would have to be replaced`,
    authorize: `${key} waits for a person`,
    reauthorize: `${key} has to be logged in again`,
  };
  const levels = {
    conflict: 'error',
    blocked: 'error',
    delete: 'warning',
    replace: 'warning',
    authorize: 'notice',
    reauthorize: 'warning',
  } as const;
  const next = hint === undefined ? '' : `\nNext: ${hint}`;
  return [
    {
      subject: action,
      level: levels[action],
      title: titles[action],
      message: `${about}${reason === undefined ? '.' : `: ${reason}`}${next}`,
      at: placeOfReason(change, options),
    },
  ];
}

const annotated = ['conflict', 'blocked', 'delete', 'replace', 'authorize', 'reauthorize'] as const;

function isSubject(action: Change['action']): action is (typeof annotated)[number] {
  return annotated.some((one) => one === action);
}

/** What is not set stands on the line of the first reference to it. */
function placeOfReason(change: Change, options: AnnotationOptions): AnnotationPlace | undefined {
  const { reason } = change;
  const first = reason?.code === 'reference-unset' ? reason.references[0] : undefined;
  return placeOf(change, first?.line, options);
}

function toDriftRemarks(change: Change, options: AnnotationOptions): readonly Remark[] {
  const drifted = change.fields.filter(({ cause }) => cause === 'drift' || cause === 'conflict');
  const harms = change.notes
    .filter((note) => isHarmed({ notes: [note] }))
    .map((note) => toHarmRemark(change, note, options));
  return [...drifted.map((field) => toDriftRemark(change, field, options)), ...harms];
}

function toHarmRemark(change: Change, note: Note, options: AnnotationOptions): Remark {
  return {
    subject: 'drift',
    level: 'notice',
    title: `${change.key}: ${note.code}`,
    message: describeNote(note, change, options.commands ?? {}),
    at: placeOf(change, undefined, options),
  };
}

function toDriftRemark(change: Change, field: FieldChange, options: AnnotationOptions): Remark {
  return {
    subject: 'drift',
    level: 'warning',
    title: `${change.key}: ${nameField(field.field)} ${causeWords[field.cause]}`,
    message: toSides(field),
    at: placeOf(change, field.line, options),
  };
}

function toSides({ secret, before, after }: FieldChange): string {
  const show = (value: FieldChange['before']) =>
    secret ? secretShown : shorten(visible(showValue(value)), longestValue);
  return `The platform has ${show(before)}, the definition says ${show(after)}.`;
}

function placeOf(
  { source }: Change,
  line: number | undefined,
  { workspaceFile }: AnnotationOptions,
): AnnotationPlace | undefined {
  if (source !== undefined) return { file: source.file, line: line ?? source.line };
  return workspaceFile === undefined ? undefined : { file: workspaceFile, line: 1 };
}

function finish({ level, at, title, message }: Remark, { pathPrefix = '' }: AnnotationOptions): Annotation {
  const lines = message.split('\n').map((line) => visible(line.trim()));
  return {
    level,
    title: shorten(visible(title), longestTitle),
    message: shorten(lines.join('\n'), longestMessage),
    at: at && showPlace(at, pathPrefix),
  };
}

function showPlace({ file, line, column, endLine, endColumn }: AnnotationPlace, pathPrefix: string): AnnotationPlace {
  // GitHub refuses columns for a place of several lines.
  const isOneLine = endLine === undefined || endLine === line;
  const shown = { file: visible(`${pathPrefix}${file}`), line, endLine };
  return isOneLine ? { ...shown, column, endColumn } : shown;
}
