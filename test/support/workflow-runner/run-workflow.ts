import { isTriggered } from './is-triggered.ts';
import { type JobModel, readWorkflow } from './read-workflow.ts';
import { type JobEnd, type JobOptions, runJob, type RunOptions } from './run-job.ts';

/**
 * Runs a workflow job by job, on this machine and without a container.
 *
 * What is GitHub's own: the parser of workflows, their schema, and the evaluation of expressions (`@actions/workflow-parser`,
 * `@actions/expressions`). What is real: git, bash, the Action as a process of Node.js 24, its traffic.
 * What is copied from the documentation and from actions/runner, and could be copied wrong: conditions over steps and `needs`,
 * contexts, files and commands between runner and step, masking, the token of a job, secrets of environments, the rules for forks.
 *
 * What is not covered: the machine (`runs-on`), time-outs, cancelling and queues (`concurrency` is evaluated, and nothing waits),
 * approvals and branch rules of environments, any `strategy` but a matrix of environments, containers, services, reusable workflows, composite and Docker actions,
 * `continue-on-error`, `defaults`, caches and artifacts, `pre` and `post` of actions. Where a workflow holds one of these in its
 * text, reading it fails. actions/checkout, actions/setup-node and
 * actions/upload-artifact are emulated, and no other action of somebody else runs. `stand-ins.ts` says what npm does not do.
 *
 * Answers the jobs by id, or by id and environment as in `plan-production`, in the order in which they ran; undefined when the event does not start the workflow.
 */
export async function runWorkflow(text: string, options: RunOptions): Promise<ReadonlyMap<string, JobEnd> | undefined> {
  const workflow = await readWorkflow(text);
  if (!isTriggered(workflow, options.event)) return undefined;
  const runs = new Map<string, JobEnd>();
  const done = new Map<string, JobEnd>();
  while (done.size < workflow.jobs.length) {
    const next = workflow.jobs.find(({ id, needs }) => !done.has(id) && needs.every((need) => done.has(need)));
    if (next === undefined) throw new Error('jobs need each other in a circle');
    const ends = await runAll(next, { ...options, workflow, done });
    for (const [id, end] of ends) runs.set(id, end);
    done.set(next.id, joinEnds(next.id, [...ends.values()]));
  }
  return runs;
}

/** A run for each environment of the matrix, one after the other. */
async function runAll(job: JobModel, options: JobOptions): Promise<ReadonlyMap<string, JobEnd>> {
  const ends = new Map<string, JobEnd>();
  const { environments } = job;
  if (environments === undefined) return ends.set(job.id, await runJob(job, options));
  for (const environment of environments)
    ends.set(`${job.id}-${environment}`, await runJob(job, { ...options, matrix: { environment } }));
  return ends;
}

/** What the jobs that need a job see of all its runs. */
function joinEnds(id: string, ends: readonly JobEnd[]): JobEnd {
  const [first] = ends;
  if (first === undefined) throw new Error(`${id} has an empty matrix`);
  return ends.find(({ result }) => result === 'failure') ?? first;
}
