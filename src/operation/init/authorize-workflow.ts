import {
  checkout,
  currentEnvironment,
  recordFile,
  renderActionInputs,
  renderEnvironment,
  renderKeptRecord,
  renderOptions,
  renderVaultPermission,
  usesAction,
} from './workflow-parts.ts';
import type { WorkflowEnvironment, WorkflowSettings } from './workflow-settings.ts';

/** Environments that an instance can wait for a person in: nobody comes to the consent page of a sandbox that lives as long as a job. */
export function listAuthorizable({ environments }: WorkflowSettings): readonly WorkflowEnvironment[] {
  return environments.filter(({ secrets }) => secrets.length > 0);
}

/** The one that a person chose: the job runs for it alone. */
const chosen = '${{ inputs.environment }}';

/** The workflow by which a person gives an instance its login, without a terminal. */
export function renderAuthorizeWorkflow(all: WorkflowSettings): string {
  const settings = { ...all, environments: listAuthorizable(all) };
  return `# Gives an instance the login that a person agreed to at its provider. A comment of connectorctl has the link to agree at;
# start this by hand on the default branch, with the address that the browser ended at.
# Written by \`connectorctl init\`; edit it as you like.
name: connectorctl authorize

on:
  workflow_dispatch:
    inputs:
      environment: { description: Environment, type: choice, required: true, ${renderOptions(settings.environments.map(({ name }) => name))} }
      instance: { description: 'Key of the instance, as in the comment', type: string, required: true }
      redirect: { description: The whole address that the browser ended at, type: string, required: true }
      issue: { description: 'Pull request or issue to tell how it ended, by its number', type: string }

permissions: {}

jobs:
  authorize:
    name: authorize ${chosen}
    runs-on: ubuntu-latest
    timeout-minutes: 15
    concurrency: # not beside an apply of the same environment
      group: connectorctl-apply-${chosen}
      cancel-in-progress: false
      queue: max
${choose(renderEnvironment('deploying', settings))}    permissions:
      contents: read # the definitions
      pull-requests: write # a word on how it ended
      issues: write # the same on an issue
${renderVaultPermission(settings)}    steps:
      - name: Check out the definitions
        uses: ${checkout}
        with: { persist-credentials: false }

      # The address is not handed over here, as a runner prints what a step is given: the Action reads it from the event, and masks it first.
      - name: Authorize
        id: authorize
        uses: ${usesAction(settings)}
${choose(renderActionInputs('authorize', settings, { record: recordFile }))}

${choose(renderKeptRecord('authorize', settings))}`;
}

function choose(text: string): string {
  return text.replaceAll(currentEnvironment, chosen);
}
