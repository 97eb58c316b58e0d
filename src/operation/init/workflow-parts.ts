import { actionFolder, readingEnvironment, type WorkflowSettings } from './workflow-settings.ts';
import { type JobKind, listVariables } from './workflow-variables.ts';

/** `actions/checkout`, by its commit: a tag can be moved. */
export const checkout = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';

/** `actions/upload-artifact`, by its commit. */
const uploadArtifact = 'actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1';

/** The environment that a run of a job is for. */
export const currentEnvironment = '${{ matrix.environment }}';

/** A name as YAML takes it for text: what looks like a number or a word of YAML stands in quotes. */
export function quoteName(name: string): string {
  const isPlain = /^[A-Za-z][\w./-]*$/.test(name) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(name);
  return isPlain ? name : JSON.stringify(name);
}

/** The lines of a job that give it a run for each environment. One that fails stops no other. */
export function renderMatrix(names: readonly string[]): string {
  return `    strategy: { fail-fast: false, matrix: { ${renderMatrixLine(names)} } }\n`;
}

/** The line of a matrix that names the environments. */
export function renderMatrixLine(names: readonly string[]): string {
  return `environment: [${names.map(quoteName).join(', ')}]`;
}

/** The line of a choice among the environments. */
export function renderOptions(names: readonly string[]): string {
  return `options: [${names.map(quoteName).join(', ')}]`;
}

/** The `uses:` of the Action where it is named by a commit or lies in the checkout. */
export function usesAction({ action }: WorkflowSettings): string {
  return action === undefined ? `./${actionFolder}` : `${action} # set by connectorctl init`;
}

/** `with:` and `env:` of the step that runs the Action. */
export function renderActionInputs(
  command: string,
  settings: WorkflowSettings,
  more: Readonly<Record<string, string>> = {},
): string {
  const { directory, configFile } = settings;
  const variables = listVariables(settings, kindOf(command));
  const lines = [
    'with:',
    `  command: ${command}`,
    `  environment: ${currentEnvironment}`,
    ...(directory === '.' ? [] : [`  working-directory: ${quoteName(directory)}`]),
    ...(configFile === undefined ? [] : [`  config: ${quoteName(configFile)}`]),
    ...(kindOf(command) === 'reading'
      ? ['  withhold-secrets: true # none is read: the last apply left what they are compared by']
      : []),
    ...Object.entries(more).map(([name, value]) => `  ${name}: ${value}`),
    // Each by its name, and only for this step: neither another step nor another secret is let in.
    ...(variables.length === 0 ? [] : ['env:', ...variables.map(({ line }) => `  ${line}`)]),
  ];
  return indent(lines.join('\n'), 8);
}

/** What a command does with the platform. */
export function kindOf(command: string): JobKind {
  return command === 'plan' || command === 'drift' ? 'reading' : 'deploying';
}

/** The lines of a job before its steps that name GitHub's environment; none where no secret is needed. */
export function renderEnvironment(kind: JobKind, settings: WorkflowSettings): string {
  if (listVariables(settings, kind).length === 0) return '';
  if (kind === 'deploying') return `    environment: ${currentEnvironment}\n`;
  const name = readingEnvironment(currentEnvironment);
  return `    environment:\n      name: ${name}\n      deployment: false # only reads\n`;
}

/** The right to log in to Vault as a job of GitHub, where an environment needs it. */
export function renderVaultPermission({ environments }: WorkflowSettings): string {
  return environments.some(({ provider }) => provider === 'vault')
    ? '      id-token: write # logging in to Vault\n'
    : '';
}

function indent(text: string, columns: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(columns));
}

/** Where the Action writes down what it does, relative to the folder of the workspace. */
export const recordFile = '.connectorctl/record.jsonl';

/** The step by which a job that writes to a platform keeps what it has written down. */
export function renderKeptRecord(command: 'apply' | 'authorize', { directory }: WorkflowSettings): string {
  const kept = directory === '.' ? '.connectorctl' : `${directory}/.connectorctl`;
  return `      # For \`connectorctl history\`, and to have deleted instances back. Neither holds a secret.
      - name: Keep the record and the copies of deleted instances
        if: always()
        uses: ${uploadArtifact}
        with:
          name: connectorctl-${command}-${currentEnvironment}-\${{ github.run_attempt }}
          path: |
            ${kept}/record.jsonl
            ${kept}/deleted/
          include-hidden-files: true
          if-no-files-found: ignore
`;
}
