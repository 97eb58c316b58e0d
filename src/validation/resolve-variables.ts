import { findReferences } from '../definition/references.ts';
import type { Environment } from '../model/environment.ts';

/** The text with its variables filled in; undefined when one is unset, or when it holds a secret. */
export function resolveVariables(text: string, environment: Environment): string | undefined {
  if (!text.includes('${{')) return text;
  let resolved = '';
  let position = 0;
  for (const { kind, name, start, end, problem } of findReferences(text)) {
    const value = kind === 'vars' && problem === undefined ? ownValue(environment.vars, name ?? '') : undefined;
    if (value === undefined) return undefined;
    resolved += text.slice(position, start) + value;
    position = end;
  }
  return resolved + text.slice(position);
}

function ownValue(vars: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(vars, name) ? vars[name] : undefined;
}
