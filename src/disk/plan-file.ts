import { isEnvironmentName } from '../model/environment.ts';
import { canonicalJson } from '../model/json.ts';
import { parseJson } from '../model/parse-json.ts';
import type { Plan } from '../model/plan.ts';
import { UserError } from '../model/user-error.ts';
import { deepestPlan, isPlan, isRecord, largestPlan } from './decode-plan.ts';
import { exists, readText } from './read-text.ts';
import { guardStatePath } from './state-folder.ts';
import { refuseWayOut, writeFileAtomically } from './write-file.ts';

/** Writes a plan as JSON. It holds no secret by construction; the mode is 0600 all the same. */
export async function writePlanFile(path: string, plan: Plan): Promise<void> {
  await writeFileAtomically(guardStatePath(path), `${canonicalJson(plan, 2)}\n`);
}

/**
 * Throws a UserError of kind `invalid` when something else than a plan is at the path: it would be overwritten. And as `refuseWayOut` does.
 * An empty file is nothing. A device, or a link to one such as /dev/stdout, would be gone for all of the machine.
 */
export function guardForeignFile(path: string, cwd: string): void {
  refuseWayOut(path, cwd);
  if (!exists(path)) return;
  const read = readText(guardStatePath(path), largestPlan);
  if ('fault' in read && read.fault.code === 'no-such-file') return;
  if ('fault' in read && read.fault.code === 'not-a-file') {
    throw new UserError('out-not-a-file', `${path} is no regular file, and a plan would take its place.`, {
      kind: 'invalid',
      hint: 'Nothing was written, and nothing was sent. Name a file with --out. `--format json` prints a plan.',
    });
  }
  const value = 'text' in read ? parseJson(read.text, { deepest: deepestPlan }) : undefined;
  const isEmpty = 'text' in read && read.text.trim() === '';
  // One of another version is a plan too.
  const isOurs =
    value?.ok === true && isRecord(value.value) && 'formatVersion' in value.value && 'changes' in value.value;
  if (isEmpty || isOurs) return;
  throw new UserError('not-a-plan', `${path} is there already, and it is no plan.`, {
    kind: 'invalid',
    hint: 'It was not overwritten, and nothing was sent. Name another file with --out, or remove this one first.',
  });
}

/** Reads a plan that `plan --out` wrote. Throws a UserError of kind `invalid` for anything else. */
export function readPlanFile(path: string): Plan {
  const value = parsePlanJson(path);
  if (isRecord(value) && value['offline'] !== undefined) {
    throw notAPlan(path, 'It was made with --offline, which compares only definitions and does not ask the platform.');
  }
  if (isRecord(value) && value['withheld'] !== undefined) {
    throw new UserError(
      'withheld-plan',
      `${path} was made with --withhold-secrets, and nothing can be applied without the values of the secrets.`,
      {
        kind: 'refused',
        hint: 'Nothing was sent. Where the secrets are set, create one with them:\n  connectorctl plan --out FILE',
      },
    );
  }
  if (!isPlan(value)) throw notAPlan(path, 'It is JSON, but not a plan of format 1.0.');
  return value;
}

/**
 * The environment that a plan file names, for the commands in what is said of it. Undefined when it is no plan: the file may be
 * the very thing that is wrong, so that it is no reason to fail again.
 */
export function environmentOfPlan(path: string): string | undefined {
  try {
    const value = parsePlanJson(path);
    return isPlan(value) && isEnvironmentName(value.environment) ? value.environment : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/**
 * The JSON of a file that should hold a plan. Throws a UserError of kind `invalid` when it is none.
 * @param refuse makes that error; by default it says that the file is no plan
 */
export function parsePlanJson(path: string, refuse: (path: string, why: string) => UserError = notAPlan): unknown {
  const read = readText(exists(path) ? guardStatePath(path) : path, largestPlan);
  if ('fault' in read) {
    const { code, detail } = read.fault;
    throw new UserError(code, `${path}: ${detail}`, { kind: 'invalid', hint: refuse(path, detail).hint });
  }
  const parsed = parseJson(read.text, { deepest: deepestPlan });
  if (!parsed.ok) throw refuse(path, parsed.why === 'too-deep' ? 'It is nested too deeply.' : 'It is not JSON.');
  return parsed.value;
}

function notAPlan(path: string, why: string): UserError {
  return new UserError('not-a-plan', `${path} is not a plan. ${why}`, {
    kind: 'invalid',
    hint: waysOn(path),
  });
}

/** Other tools apply files and names; who types one here may mean the definition. */
function waysOn(path: string): string {
  const [, key = 'KEY'] = /(?:^|\/)instances\/([\w./-]+)\.ya?ml$/.exec(path) ?? [];
  return `\`apply\` takes a plan file. Create one with:\n  connectorctl plan --out FILE\nDefinitions are chosen by their keys; look at what would be done with:\n  connectorctl plan --only ${key}`;
}
