import type { OperationResult, InitializedFile } from '../operation/result.ts';
import { readingEnvironment } from '../operation/init/workflow-settings.ts';
import { visible } from '../report/escape/terminal.ts';

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
    kept ? '\nWhat is kept is yours and was not touched. To have it written anew, remove it first.\n' : '',
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
  return `\nOn GitHub, below Settings, Environments, make ${visible(readingEnvironment(environment))} and ${visible(name)}, each with these secrets.\nLet only the default branch use ${visible(name)}, and name who approves an apply.\n${indent(secrets)}`;
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${visible(line)}\n`).join('');
}
