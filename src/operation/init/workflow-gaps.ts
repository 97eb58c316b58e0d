import { parse } from 'yaml';
import { renderMatrixLine } from './workflow-parts.ts';

/** What a workflow of the user's would have to say, so that the environments are in it. */
interface EnvironmentGap {
  /** Environments that no job of it is for, at least one. */
  readonly missing: readonly string[];
  /** The line of the matrix with all of them. */
  readonly line: string;
}

/**
 * Which environments no job of a workflow is for. Undefined where none is missing, and where the text uses no connectorctl
 * or is no workflow: then nothing can be said.
 */
export function findEnvironmentGap(text: string, wanted: readonly string[]): EnvironmentGap | undefined {
  const named = readJobs(text).flatMap(listEnvironments);
  const missing = wanted.filter((name) => !named.includes(name));
  if (named.length === 0 || missing.length === 0) return undefined;
  return { missing, line: renderMatrixLine([...new Set([...named, ...missing])]) };
}

type WorkflowFields = Readonly<Record<string, unknown>>;

function readJobs(text: string): readonly WorkflowFields[] {
  try {
    return Object.values(toFields(toFields(parse(text, { maxAliasCount: 0 }))['jobs'])).map(toFields);
  } catch {
    // It is GitHub's to say that a workflow is none.
    return [];
  }
}

/** Of the steps that run our Action: the environment that each names, or those of the matrix of the job. */
function listEnvironments(job: WorkflowFields): readonly string[] {
  const steps = toList(job['steps']).map(toFields);
  const ours = steps.filter(({ uses }) => typeof uses === 'string' && uses.includes('connectorctl'));
  const matrix = toFields(toFields(job['strategy'])['matrix']);
  return ours.flatMap((step) => {
    const name = toFields(step['with'])['environment'];
    const given = typeof name === 'string' && name.includes('${{') ? toList(matrix['environment']) : [name];
    return given.flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [String(one)] : []));
  });
}

function toFields(value: unknown): WorkflowFields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
