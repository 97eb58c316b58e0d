import type { OperationResult, InitializedFile } from '../operation/result.ts';
import { readingEnvironment } from '../operation/init/workflow-settings.ts';
import { visible } from '../model/visible.ts';

const words: Readonly<Record<InitializedFile['status'], string>> = {
  written: 'written  ',
  kept: 'kept     ',
  unchanged: 'unchanged',
};

const nextCommands = ['connectorctl validate', 'connectorctl plan', 'connectorctl apply'];

/** What init did, what is left to do by hand, and the next commands. Ends with a line feed. */
export function renderInitialized(result: Extract<OperationResult, { kind: 'initialized' }>): string {
  const { files, additions, environments, hasDefinitions } = result;
  const kept = files.some(({ status }) => status === 'kept');
  return [
    files.map(({ file, status }) => `${words[status]}  ${visible(file)}\n`).join(''),
    kept ? '\nExisting files that differ were kept as they are. To have one written again, remove it first.\n' : '',
    ...additions.map(
      ({ file, lines }) =>
        `\nAdd to ${visible(file)}, to \`env:\` of the step that uses connectorctl:\n${indent(lines)}`,
    ),
    ...environments.filter(({ secrets }) => secrets.length > 0).map(renderSecrets),
    `\nNext:\n${indent(hasDefinitions ? nextCommands : ['connectorctl import --all', ...nextCommands.slice(0, 2)])}`,
  ].join('');
}

type Used = Extract<OperationResult, { kind: 'initialized' }>['environments'][number];

function renderSecrets(environment: Used): string {
  const { name, secrets } = environment;
  return `\nOn GitHub, under Settings > Environments, create ${visible(readingEnvironment(environment))} and ${visible(name)}, each with these secrets.\nRestrict ${visible(name)} to the default branch, and set the required reviewers of an apply.\n${indent(secrets)}`;
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${visible(line)}\n`).join('');
}
