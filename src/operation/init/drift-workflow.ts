import {
  checkout,
  currentEnvironment,
  renderActionInputs,
  renderEnvironment,
  renderMatrix,
  usesAction,
} from './workflow-parts.ts';
import type { WorkflowSettings } from './workflow-settings.ts';

/** The workflow that looks for drift: a job with a run for each environment. */
export function renderDriftWorkflow(settings: WorkflowSettings): string {
  return `# Looks every day for what changed on the platform that no definition asked for, and keeps an issue about it.
# Written by \`connectorctl init\`; edit it as you like.
name: connectorctl drift

on:
  schedule:
    - cron: '17 4 * * *'
  workflow_dispatch:

permissions: {}

jobs:
  drift:
    name: drift ${currentEnvironment}
${renderMatrix(settings.environments.map(({ name }) => name))}    runs-on: ubuntu-latest
    timeout-minutes: 15
    concurrency:
      group: connectorctl-drift-${currentEnvironment}
      cancel-in-progress: false
${renderEnvironment('reading', settings)}    permissions:
      contents: read # the definitions
      issues: write # the issue about the drift
    steps:
      - name: Check out the definitions
        uses: ${checkout}
        with: { persist-credentials: false }

      - name: Look for drift
        id: drift
        uses: ${usesAction(settings)}
${renderActionInputs('drift', settings)}
`;
}
