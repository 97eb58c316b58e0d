import type { Permission } from '../fake-github.ts';
import { evaluateTexts, type Token } from './evaluate.ts';
import type { RunEvent } from './run-event.ts';

/** What a token may do: what the job says or else the workflow; nothing that was not named. Writes of a fork become reads. */
export function grant(token: Token | undefined, { isFork }: RunEvent): Readonly<Record<string, string>> {
  if (token === undefined || typeof token !== 'object') throw new Error('the workflow names no permissions');
  const named = evaluateTexts(token, { contexts: {}, functions: {} });
  return Object.fromEntries(
    Object.entries(named).map(([name, level]) => [name, isFork === true && level === 'write' ? 'read' : level]),
  );
}

export function toHeld(
  permissions: Readonly<Record<string, string>>,
): Readonly<Partial<Record<Permission, 'read' | 'write'>>> {
  const names: readonly Permission[] = ['contents', 'pull_requests', 'issues', 'checks'];
  const level = (name: Permission): string => permissions[name.replaceAll('_', '-')] ?? 'none';
  return Object.fromEntries(names.filter((name) => level(name) !== 'none').map((name) => [name, level(name)]));
}
