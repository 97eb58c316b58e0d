import type { Token } from './evaluate.ts';
import { githubParser } from './github-parser.ts';

export type Fields = Readonly<Record<string, Token>>;

export interface StepModel {
  readonly id: string;
  /** `if`, with `success()` where it names no status. */
  readonly condition: string;
  readonly fields: Fields;
}

export interface JobModel {
  readonly id: string;
  readonly condition: string;
  readonly needs: readonly string[];
  /** Names of the environments of `matrix.environment`; absent: no matrix. */
  readonly environments: readonly string[] | undefined;
  readonly fields: Fields;
  readonly steps: readonly StepModel[];
}

export interface WorkflowModel {
  /** By name: `branches`, `types` and other filters. */
  readonly events: Readonly<Record<string, unknown>>;
  readonly fields: Fields;
  readonly jobs: readonly JobModel[];
}

/** What this runner carries out. Anything else in a workflow is an error, so that nothing passes for tested that was left out. */
const known = {
  workflow: 'name on permissions concurrency jobs'.split(' '),
  job: 'name if needs strategy runs-on timeout-minutes permissions concurrency environment outputs env steps'.split(
    ' ',
  ),
  step: 'id name if uses with run env'.split(' '),
};

/** Parses a workflow as GitHub does. Throws for what GitHub refuses and for what this runner does not carry out. */
export async function readWorkflow(text: string): Promise<WorkflowModel> {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = githubParser;
  const { context, value } = parseWorkflow({ name: 'workflow.yaml', content: text }, new NoOperationTraceWriter());
  const template = value === undefined ? undefined : await convertWorkflowTemplate(context, value);
  const errors = context.errors.getErrors().map((error) => error.message);
  if (errors.length > 0 || template === undefined)
    throw new Error(`GitHub refuses the workflow:\n${errors.join('\n')}`);

  const fields = toFields(JSON.parse(JSON.stringify(value)), 'workflow');
  const jobs = toMap(fields['jobs'] ?? null);
  return {
    events: JSON.parse(JSON.stringify(template.events)),
    fields,
    jobs: template.jobs.map((job) => {
      if (job.type !== 'job') throw new Error('this runner runs no reusable workflow');
      const own = toFields(jobs[job.id.value] ?? null, 'job');
      const steps = own['steps'];
      const list = typeof steps === 'object' && steps?.type === 1 ? steps.seq : [];
      return {
        id: job.id.value,
        condition: job.if.expression,
        needs: (job.needs ?? []).map((need) => need.value),
        environments: readMatrix(own['strategy'] ?? null),
        fields: own,
        steps: job.steps.map((step, index) => ({
          id: step.id,
          condition: step.if?.expression ?? 'success()',
          fields: toFields(list[index] ?? null, 'step'),
        })),
      };
    }),
  };
}

/** Of a strategy this runner knows a matrix over `environment` whose runs do not stop each other. */
function readMatrix(strategy: Token): readonly string[] | undefined {
  if (strategy === null) return undefined;
  const { matrix = null, ...rest } = toMap(strategy);
  const { environment = null, ...others } = toMap(matrix);
  if (Object.keys(others).length > 0 || JSON.stringify(rest) !== '{"fail-fast":false}')
    throw new Error('this runner knows a matrix of `environment` with `fail-fast: false` only');
  if (environment === null || typeof environment !== 'object' || environment.type !== 1)
    throw new Error('a list was expected');
  return environment.seq.map(String);
}

function toFields(token: Token, what: keyof typeof known): Fields {
  const fields = toMap(token);
  const strange = Object.keys(fields).filter((name) => !known[what].includes(name));
  if (strange.length > 0) throw new Error(`this runner does not carry out ${strange.join(', ')} of a ${what}`);
  return fields;
}

function toMap(token: Token): Fields {
  if (token === null || typeof token !== 'object' || token.type !== 2) throw new Error('a map was expected');
  return Object.fromEntries(token.map.map(({ Key, Value }) => [Key, Value]));
}
