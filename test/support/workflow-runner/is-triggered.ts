import type { RunEvent } from './run-event.ts';
import type { WorkflowModel } from './read-workflow.ts';

/** `types` where a workflow names none (docs.github.com, events that trigger workflows). */
const defaultTypes: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  merge_group: ['checks_requested'],
};

/** Whether the workflow runs on the event. Throws for filters that it does not know. */
export function isTriggered({ events }: WorkflowModel, { name, ref, payload }: RunEvent): boolean {
  if (!Object.hasOwn(events, name)) return false;
  const filters = new Map(Object.entries(events[name] ?? {}));
  if (name === 'schedule' || name === 'workflow_dispatch') return true;
  const action = payload['action'];
  const types: unknown = filters.get('types') ?? defaultTypes[name];
  if (Array.isArray(types) && !types.includes(action)) return false;
  const branches: unknown = filters.get('branches');
  filters.delete('types');
  filters.delete('branches');
  if (filters.size > 0) throw new Error(`this runner knows no filter ${[...filters.keys()].join(', ')}`);
  if (!Array.isArray(branches)) return true;
  if (name !== 'push' || branches.some((one) => String(one).includes('*') && one !== '**'))
    throw new Error('this runner knows `branches` of `push` only, with plain names or `**`');
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  return branch !== undefined && branches.some((one) => one === '**' || one === branch);
}
