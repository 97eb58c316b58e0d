import type { WorkflowSettings } from './workflow-settings.ts';
import { generalVariables } from '../../model/own-variables.ts';

/** A variable of the step that runs the Action. */
interface WorkflowVariable {
  readonly name: string;
  /** As the workflow has it. */
  readonly line: string;
}

/** `reading`: plans and looks for drift, and does without the values of secrets. `deploying`: applies. */
export type JobKind = 'reading' | 'deploying';

/**
 * What the step that runs the Action is handed: the same few whatever the definitions need, as all their secrets come in one or
 * from the provider of the environment. Empty where every environment is on the sandbox. What is not set on GitHub arrives empty,
 * which counts as not set.
 */
export function listVariables({ environments }: WorkflowSettings, kind: JobKind): readonly WorkflowVariable[] {
  if (environments.every(({ secrets }) => secrets.length === 0)) return [];
  const has = (one: string): boolean => kind === 'deploying' && environments.some(({ provider }) => provider === one);
  return [
    ...credentials,
    ...(kind === 'deploying' ? [fromSecret(generalVariables.bundle)] : []),
    ...(has('sops') ? [fromSecret('SOPS_AGE_KEY')] : []),
    // A token, or a role for the job of GitHub: whichever is set.
    ...(has('vault') ? [fromVariable('VAULT_ADDR'), fromVariable('VAULT_ROLE'), fromSecret('VAULT_TOKEN')] : []),
    // Names the hosts that credentials may go to. A variable of GitHub: no pull request changes it.
    ...(environments.some(({ ownHost }) => ownHost !== undefined) ? [fromVariable('CONNECTORCTL_ALLOWED_HOSTS')] : []),
  ];
}

const credentials = [
  generalVariables.userSecret,
  generalVariables.organizationSecret,
  generalVariables.fingerprintKey,
].map(fromSecret);

function fromSecret(name: string): WorkflowVariable {
  return { name, line: `${name}: \${{ secrets.${name} }}` };
}

function fromVariable(name: string): WorkflowVariable {
  return { name, line: `${name}: \${{ vars.${name} }}` };
}
