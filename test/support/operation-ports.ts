import { loadBuiltIn } from '../../src/operation/built-in-catalogue.ts';
import type { OperationPorts } from '../../src/operation/operation-ports.ts';
import { planWords } from '../../src/report/plan/plan-codes.ts';

// Beforehand: what an operation loads on demand cannot be waited for on a clock of its own.
await loadBuiltIn();

/** Where an operation is run, and what of it differs from the usual. */
export type PortsOf = Pick<OperationPorts, 'cwd' | 'env'> & Partial<OperationPorts>;

/** What operations on a remote environment know of whoever runs them: nobody waits, nobody listens, nothing is left to chance. */
export function operationPorts(given: PortsOf): OperationPorts {
  return {
    toolVersion: '0.0.0',
    words: planWords,
    startSandbox: () => Promise.reject(new Error('The environment is a remote one.')),
    notice: () => {},
    sleep: async () => {},
    random: () => 0,
    now: () => performance.now(),
    date: () => new Date(),
    ...given,
  };
}
