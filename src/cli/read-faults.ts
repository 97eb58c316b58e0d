import { UserError } from '../model/user-error.ts';
import { faultKinds } from '../sandbox/faults/fault-kinds.ts';
import type { FaultRule } from '../sandbox/faults/fault-rule.ts';
import { parseFaults } from '../sandbox/faults/parse-faults.ts';
import { routes } from '../sandbox/routes/routes.ts';

/** The faults of the command line. Throws a UserError that names every mistake in them. */
export function readFaults(specs: readonly string[]): readonly FaultRule[] {
  if (specs.length === 0) return [];
  const { faults, problems } = parseFaults(specs, routes);
  if (problems.length === 0) return faults;
  throw new UserError(
    'invalid-fault',
    problems.length === 1 ? 'There is an error in --fault.' : `There are ${problems.length} errors in --fault.`,
    {
      kind: 'invalid',
      hint: [...problems, `Kinds: ${Object.keys(faultKinds).join(', ')}.`, 'See: connectorctl sandbox --help'].join(
        '\n',
      ),
    },
  );
}
