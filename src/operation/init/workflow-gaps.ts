import { parse } from 'yaml';
import { renderMatrixLine, renderOptions } from './workflow-parts.ts';

/** What a workflow of the user's would have to say, so that the environments are in it. */
interface EnvironmentGap {
  /** Environments that no job of it is for, at least one. */
  readonly missing: readonly string[];
  /** The line of the matrix, or of the choice that a person has, with all of them. */
  readonly line: string;
}

/**
 * Which environments no job of a workflow is for. Undefined where none is missing, and where the text uses no connectorctl
 * or is no workflow: then nothing can be said.
 */
export function findEnvironmentGap(text: string, wanted: readonly string[]): EnvironmentGap | undefined {
  const workflow = readFields(text);
  const options = toNames(readOptions(workflow));
  const jobs = Object.values(toFields(workflow['jobs'])).map(toFields);
  const isChosen = options.length > 0 && jobs.some(isByChoice);
  const named = isChosen ? options : jobs.flatMap(listEnvironments);
  const missing = wanted.filter((name) => !named.includes(name));
  if (named.length === 0 || missing.length === 0) return undefined;
  const all = [...new Set([...named, ...missing])];
  return { missing, line: isChosen ? renderOptions(all) : renderMatrixLine(all) };
}

type WorkflowFields = Readonly<Record<string, unknown>>;

function readFields(text: string): WorkflowFields {
  try {
    return toFields(parse(text, { maxAliasCount: 0 }));
  } catch {
    // It is GitHub's to say that a workflow is none.
    return {};
  }
}

/** What a person can choose from who starts the workflow by hand. */
function readOptions(workflow: WorkflowFields): unknown {
  const { inputs } = toFields(toFields(workflow['on'])['workflow_dispatch']);
  return toFields(toFields(inputs)['environment'])['options'];
}

/** Whether a job of ours runs for the environment that a person chose. */
function isByChoice(job: WorkflowFields): boolean {
  return listOurSteps(job).some((step) => String(toFields(step['with'])['environment']).includes('inputs.'));
}

function listOurSteps(job: WorkflowFields): readonly WorkflowFields[] {
  const steps = toList(job['steps']).map(toFields);
  return steps.filter(({ uses }) => typeof uses === 'string' && uses.includes('connectorctl'));
}

/** Of the steps that run our Action: the environment that each names, or those of the matrix of the job. */
function listEnvironments(job: WorkflowFields): readonly string[] {
  const matrix = toFields(toFields(job['strategy'])['matrix']);
  return listOurSteps(job).flatMap((step) => {
    const name = toFields(step['with'])['environment'];
    const given = typeof name === 'string' && name.includes('${{') ? toList(matrix['environment']) : [name];
    return toNames(given);
  });
}

function toNames(values: unknown): readonly string[] {
  return toList(values).flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [String(one)] : []));
}

function toFields(value: unknown): WorkflowFields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
