import {
  checkout,
  currentEnvironment,
  recordFile,
  renderActionInputs,
  renderEnvironment,
  renderKeptRecord,
  renderMatrix,
  renderVaultPermission,
  usesAction,
} from './workflow-parts.ts';
import type { WorkflowSettings } from './workflow-settings.ts';

/** The workflow that applies what was merged: a job with a run for each environment. */
export function renderApplyWorkflow(settings: WorkflowSettings): string {
  const { environments } = settings;
  return `# Applies what was merged into the default branch.
# Written by \`connectorctl init\`; edit it as you like.
name: connectorctl apply

on:
  push:
    branches: ['**']

permissions: {}

jobs:
  apply:
    name: apply ${currentEnvironment}
    # The default branch, whatever its name.
    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)
${renderMatrix(environments.map(({ name }) => name))}    runs-on: ubuntu-latest
    timeout-minutes: 60
    # One apply at a time. The others wait in a queue: none is cancelled, none is left out.
    concurrency:
      group: connectorctl-apply-${currentEnvironment}
      cancel-in-progress: false
      queue: max
${renderEnvironment('deploying', settings)}    permissions:
      contents: read # the definitions
      pull-requests: write # a word on what became of the plan
      checks: read # the plan that was reviewed
      issues: write # the issue about applies that failed
${renderVaultPermission(settings)}    steps:
      - name: Check out what was merged
        uses: ${checkout}
        with: { persist-credentials: false }

      - name: Apply
        id: apply
        uses: ${usesAction(settings)}
${renderActionInputs('apply', settings, { record: recordFile })}

${renderKeptRecord('apply', settings)}`;
}
