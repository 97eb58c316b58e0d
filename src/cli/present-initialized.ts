import { makeKeyCommand } from '../model/hashing.ts';
import { visible } from '../model/visible.ts';
import { readingEnvironment } from '../operation/init/workflow-settings.ts';
import type { InitializedFile, OperationResult } from '../operation/result.ts';
import { type CommandContext, completeHint } from '../report/next-step.ts';
import { generalVariables, secretOfVariable } from '../model/own-variables.ts';

const fileWords: Readonly<Record<InitializedFile['status'], string>> = {
  written: 'written  ',
  changed: 'changed  ',
  kept: 'kept     ',
  unchanged: 'unchanged',
};

const nextCommands = ['connectorctl validate', 'connectorctl plan', 'connectorctl apply'];

/** What init did, what is left to do by hand, and the next commands. Ends with a line feed. */
export function renderInitialized(
  result: Extract<OperationResult, { kind: 'initialized' }>,
  commands: CommandContext,
): string {
  const { files, additions, editorAdditions, differences, environments, hasDefinitions } = result;
  const all = hasDefinitions ? nextCommands : ['connectorctl import --all', ...nextCommands.slice(0, 2)];
  const kept = files.some(({ status }) => status === 'kept');
  return [
    files.map(({ file, status }) => `${fileWords[status]}  ${visible(file)}\n`).join(''),
    kept ? renderKept(commands) : '',
    ...additions.map(renderAddition),
    ...editorAdditions.map(({ file, lines }) => `\nAdd to ${visible(file)} by hand:\n${indent(lines)}`),
    ...differences.map(
      ({ file, lines }) =>
        `\n${visible(file)} was changed by hand and kept. From it to what this version writes:\n${indent(lines)}`,
    ),
    ...environments.filter(({ secrets }) => secrets.length > 0).map(renderSecrets),
    `\nNext:\n${indent(all.map((command) => completeHint(command, commands)))}`,
  ].join('');
}

function renderKept(commands: CommandContext): string {
  const upgrade = completeHint('connectorctl init --upgrade', commands);
  return `\nExisting files that differ were kept as they are. To have one written again, remove it first.\nFiles of connectorctl that nobody changed are brought up to date by:\n${indent([upgrade])}`;
}

type WorkflowAddition = Extract<OperationResult, { kind: 'initialized' }>['additions'][number];

function renderAddition({ file, lines, environments }: WorkflowAddition): string {
  return environments === undefined
    ? `\nAdd to ${visible(file)}, to \`env:\` of the step that uses connectorctl:\n${indent(lines)}`
    : `\n${visible(file)} has no job for ${environments.map(visible).join(', ')}. ${placeOf(lines)}:\n${indent(lines)}`;
}

/** Where the environments of a workflow stand: in a matrix, or among what a person chooses from. */
function placeOf([line = '']: readonly string[]): string {
  return line.startsWith('options:') ? 'Put into its input `environment`' : 'Put into the matrix of its job';
}

type InitializedEnvironment = Extract<OperationResult, { kind: 'initialized' }>['environments'][number];

/** More names than these would hide what else there is to read. */
const maxNames = 6;

function renderSecrets({ name, secrets, ownHost }: InitializedEnvironment): string {
  const reading = visible(readingEnvironment(name));
  return `\nOn GitHub, under Settings > Environments, create ${reading} and ${visible(name)}, each with these secrets.\nRestrict ${visible(name)} to the default branch, and set the required reviewers of an apply.\n${indent(
    [
      generalVariables.userSecret,
      generalVariables.organizationSecret,
      `${generalVariables.fingerprintKey}  one for each environment, from: ${makeKeyCommand}`,
    ],
  )}${sayBundle(name, secrets)}${
    ownHost === undefined
      ? ''
      : `No vendor documents ${visible(ownHost)} as a host of the platform. If it is right, give both this variable (not a secret):\n${indent([`CONNECTORCTL_ALLOWED_HOSTS=${ownHost}`])}`
  }`;
}

/** Plans are made without it, so that whoever can push a branch cannot read it. */
function sayBundle(environment: string, secrets: readonly string[]): string {
  const bundle = renderBundle(environment, secrets);
  return bundle === '' ? '' : `and ${visible(environment)} alone with this one:\n${bundle}`;
}

/** The one secret that holds those of the definitions, by the names that they have there. */
function renderBundle(environment: string, secrets: readonly string[]): string {
  const names = secrets.flatMap((variable) => secretOfVariable(variable) ?? []);
  if (names.length === 0) return '';
  const shown = names.slice(0, maxNames).map((name) => `${JSON.stringify(name)}: "..."`);
  const rest = names.length - shown.length;
  const more = rest === 0 ? '' : `, and ${rest} more: connectorctl secrets list --env ${visible(environment)}`;
  return indent([`${generalVariables.bundle}          {${shown.join(', ')}}${more}`]);
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${visible(line)}\n`).join('');
}
