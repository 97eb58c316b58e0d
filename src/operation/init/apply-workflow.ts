import { checkout, jobId, renderActionInputs, renderEnvironment, usesAction } from './workflow-parts.ts';
import type { WorkflowEnvironment, WorkflowSettings } from './workflow-settings.ts';

/** The workflow that applies what was merged: a job for each environment, one after the other. */
export function renderApplyWorkflow(settings: WorkflowSettings): string {
  return head + settings.environments.map((environment) => renderJob(environment, settings)).join('\n');
}

const head = `# Applies what was merged into the default branch.
# Written by \`connectorctl init\`; edit it as you like.
name: connectorctl apply

on:
  push:
    branches: ['**']

permissions: {}

jobs:
`;

function renderJob(environment: WorkflowEnvironment, settings: WorkflowSettings): string {
  const before = settings.environments[settings.environments.indexOf(environment) - 1];
  const needs = before === undefined ? '' : `    needs: ${jobId('apply', before, settings)}\n`;
  return `  ${jobId('apply', environment, settings)}:
    name: apply ${environment.name}
    # The default branch, whatever its name.
    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)
${needs}    runs-on: ubuntu-latest
    timeout-minutes: 60
    # One apply at a time. The others wait in a queue: none is cancelled, none is left out.
    concurrency:
      group: connectorctl-apply-${environment.name}
      cancel-in-progress: false
      queue: max
${renderEnvironment(environment.name, environment, true)}    permissions:
      contents: read # the definitions
      pull-requests: write # a word on what became of the plan
      checks: read # the plan that was reviewed
      issues: write # the issue about applies that failed
    steps:
      - name: Check out what was merged
        uses: ${checkout}
        with:
          persist-credentials: false

      - name: Apply
        id: apply
        uses: ${usesAction(settings)}
${renderActionInputs('apply', environment, settings)}
`;
}
