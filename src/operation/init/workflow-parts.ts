import { actionFolder, type WorkflowEnvironment, type WorkflowSettings } from './workflow-settings.ts';

/** `actions/checkout`, by its commit: a tag can be moved. */
export const checkout = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';

/** A name as YAML takes it for text: what looks like a number or a word of YAML stands in quotes. */
export function quoteName(name: string): string {
  const isPlain = /^[A-Za-z][\w./-]*$/.test(name) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(name);
  return isPlain ? name : JSON.stringify(name);
}

/** Id of a job: letters, digits, `_` and `-` only (docs.github.com, workflow syntax). */
export function jobId(command: string, environment: WorkflowEnvironment, { environments }: WorkflowSettings): string {
  const toId = ({ name }: WorkflowEnvironment): string => `${command}-${name.replaceAll('.', '_')}`;
  const id = toId(environment);
  const isShared = environments.some((other) => other !== environment && toId(other) === id);
  return isShared ? `${id}-${environments.indexOf(environment) + 1}` : id;
}

/** The `uses:` of the Action where it is named by a commit or lies in the checkout. */
export function usesAction({ action }: WorkflowSettings): string {
  return action === undefined ? `./${actionFolder}` : `${action} # set by connectorctl init`;
}

/** `with:` and `env:` of the step that runs the Action. */
export function renderActionInputs(
  command: string,
  environment: WorkflowEnvironment,
  { directory, configFile }: WorkflowSettings,
): string {
  const lines = [
    'with:',
    `  command: ${command}`,
    `  environment: ${quoteName(environment.name)}`,
    ...(directory === '.' ? [] : [`  working-directory: ${quoteName(directory)}`]),
    ...(configFile === undefined ? [] : [`  config: ${quoteName(configFile)}`]),
    ...renderSecrets(environment),
  ];
  return indent(lines.join('\n'), 8);
}

/** Each secret by its name, and only for this step: neither another step nor another secret is let in. */
export function renderSecrets(environment: WorkflowEnvironment): readonly string[] {
  const lines = listVariables(environment);
  return lines.length === 0 ? [] : ['env:', ...lines.map(({ line }) => `  ${line}`)];
}

/** The variables of the step that runs the Action, each with its line. */
export function listVariables({
  secrets,
  ownHost,
}: WorkflowEnvironment): readonly { readonly name: string; readonly line: string }[] {
  return [
    ...secrets.map((name) => ({ name, line: secretLine(name) })),
    ...(ownHost === undefined || secrets.length === 0 ? [] : [{ name: hostsVariable, line: hostsLine }]),
  ];
}

/** Names the hosts that credentials may go to. A variable of GitHub: no pull request changes it. */
const hostsVariable = 'CONNECTORCTL_ALLOWED_HOSTS';
const hostsLine = `${hostsVariable}: \${{ vars.${hostsVariable} }}`;

/** The line that hands a secret of GitHub to the Action. */
export function secretLine(name: string): string {
  return `${name}: \${{ secrets.${name} }}`;
}

/** The lines of a job before its steps that name GitHub's environment; none where no secret is needed. */
export function renderEnvironment(name: string, { secrets }: WorkflowEnvironment, isDeployment: boolean): string {
  if (secrets.length === 0) return '';
  if (isDeployment) return `    environment: ${quoteName(name)}\n`;
  return `    environment:\n      name: ${quoteName(name)}\n      # Only reads: nothing is deployed.\n      deployment: false\n`;
}

function indent(text: string, columns: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(columns));
}
