import { apply } from '../../src/operation/apply.ts';
import type { OperationResult } from '../../src/operation/result.ts';
import type { OperationPorts } from '../../src/operation/operation-ports.ts';
import { plan } from '../../src/operation/plan.ts';
import { agree } from './agree.ts';
import { planWords } from '../../src/report/plan/plan-codes.ts';

/** What is still to be done after an apply. */
export interface Operated {
  /** As `create some/key`. */
  readonly left: readonly string[];
}

/** Applies a workspace in this process, without the start of another one, and plans again. Throws when the apply did not end well. */
export async function operate(directory: string, env: Readonly<Record<string, string>>): Promise<Operated> {
  const ports = toPorts(directory, env);
  const result = await apply(ports, {}, { interaction: agree });
  if (result.kind !== 'applied' || result.applied.outcomes.some(({ status }) => status !== 'succeeded')) {
    throw unexpected(result);
  }
  const planned = await plan(ports, {}, {});
  if (planned.kind !== 'planned') throw unexpected(planned);
  return { left: planned.plan.changes.map(({ action, key }) => `${action} ${key}`) };
}

/** With a clock that sleeping moves too, so that what is waited for is over at once. */
function toPorts(cwd: string, env: Readonly<Record<string, string>>): OperationPorts {
  let slept = 0;
  return {
    cwd,
    env,
    toolVersion: '0.0.0',
    words: planWords,
    startSandbox: () => Promise.reject(new Error('The environment is a remote one.')),
    notice: () => {},
    sleep: async (milliseconds) => {
      slept += milliseconds;
    },
    random: () => 0,
    now: () => performance.now() + slept,
    date: () => new Date(),
  };
}

function unexpected(result: OperationResult): Error {
  const what = result.kind === 'applied' ? result.applied.outcomes : result;
  return new Error(`It ended with: ${JSON.stringify(what, undefined, 2)}`);
}
