import { whichEnvironment } from '../../model/environment.ts';
import { isJsonObject } from '../../model/json.ts';
import type { DocumentRule } from '../rule.ts';
import { quote } from '../show-text.ts';
import type { Path, Subject } from '../subject.ts';

export const unknownEnvironment: DocumentRule = {
  code: 'unknown-environment',
  severity: 'error',
  message: 'Unknown environment',
  help: 'Environments are defined in the workspace file. Settings for one that does not exist never apply.',
  check: (subject, { environments }) => {
    if (environments.size === 0) return [];
    return namesIn(subject)
      .filter(({ name }) => !environments.has(name))
      .map(({ name, path, part }) => ({
        path,
        part,
        detail: `The workspace has no environment ${quote(name)}, so these settings would never apply.`,
        hint:
          whichEnvironment(name, environments) ??
          `There ${environments.size === 1 ? 'is' : 'are'} ${[...environments.keys()].map(quote).join(', ')}.`,
      }));
  },
};

interface EnvironmentUse {
  readonly name: string;
  readonly path: Path;
  readonly part: 'key' | 'value';
}

function namesIn({ fields: { environments, overrides, adopt } }: Subject): readonly EnvironmentUse[] {
  const listed = Array.isArray(environments)
    ? environments.flatMap((name, index): EnvironmentUse[] =>
        typeof name === 'string' && name !== '' ? [{ name, path: ['environments', index], part: 'value' }] : [],
      )
    : [];
  return [...listed, ...keysOf('overrides', overrides), ...keysOf('adopt', adopt)];
}

function keysOf(field: string, value: Subject['fields'][string] | undefined): readonly EnvironmentUse[] {
  return isJsonObject(value) ? Object.keys(value).map((name) => ({ name, path: [field, name], part: 'key' })) : [];
}
