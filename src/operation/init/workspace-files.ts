import type { PlacedEnvironment } from './platform-addresses.ts';
import { quoteName } from './workflow-parts.ts';
import { definitionFile } from '../../model/environment.ts';

/** What a new workspace file says. */
interface NewWorkspace {
  readonly name: string;
  readonly environments: readonly PlacedEnvironment[];
}

/** The workspace file of a new workspace. A sandbox is the default, for first steps; else the first environment is. */
export function renderWorkspace({ name, environments }: NewWorkspace): string {
  const real = environments.filter(({ platform }) => platform !== 'sandbox');
  const sandboxes = environments.filter(({ platform }) => platform === 'sandbox').map((one) => one.name);
  return `# yaml-language-server: $schema=schema/workspace.schema.json
version: 1
# Marks what this repository manages on an account: no other repository may use the name there.
workspace: ${quoteName(name)}
defaultEnvironment: ${quoteName(sandboxes[0] ?? real[0]?.name ?? 'sandbox')}
environments:
${sandboxes.map(renderSandbox).join('')}${real.map(renderReal).join('')}`;
}

function renderSandbox(name: string): string {
  return `  # The embedded platform: needs no account and keeps its data in .connectorctl/.\n  ${quoteName(name)}:\n    platform: sandbox\n`;
}

function renderReal({ name, platform }: PlacedEnvironment): string {
  return `  ${quoteName(name)}:\n    baseUrl: ${JSON.stringify(platform)}\n    # Refuses the credentials of any other account. \`connectorctl doctor --env ${name}\` prints the line.\n    # account: ""\n    # Read by \${{ vars.NAME }} in a definition.\n    # vars: { callbackHost: hooks.example.com }\n`;
}

/** The name of a new workspace, from that of its folder. */
export function nameWorkspace(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  return name === '' ? 'my-integrations' : name;
}

/** Where the first definition goes. */
export const firstDefinitionFile = definitionFile('example');

/**
 * The first definition. It is for the sandboxes alone.
 * @param sandboxes environments on the embedded platform
 */
export function renderFirstDefinition(sandboxes: readonly string[]): string {
  return `# yaml-language-server: $schema=../schema/instance.schema.json
connector: actessentials
name: Example
# Only here. Take the line away and the instance is made everywhere.
environments: [${sandboxes.map(quoteName).join(', ')}]
configuration:
  # The keys of the connector, as the documentation of the platform has them.
  username: example
  # From the variable CONNECTORCTL_SECRET_EXAMPLE_PASSWORD. The sandbox makes up what is not set.
  password: \${{ secrets.EXAMPLE_PASSWORD }}
`;
}
