import { checkout, jobId, renderActionInputs, renderEnvironment, usesAction } from './workflow-parts.ts';
import { readingEnvironment, type WorkflowEnvironment, type WorkflowSettings } from './workflow-settings.ts';

/** The workflow that looks for drift: a job for each environment. */
export function renderDriftWorkflow(settings: WorkflowSettings): string {
  return head + settings.environments.map((environment) => renderJob(environment, settings)).join('\n');
}

const head = `# Looks every day for what changed on the platform that no definition asked for, and keeps an issue about it.
# Written by \`connectorctl init\`; edit it as you like.
name: connectorctl drift

on:
  schedule:
    - cron: '17 4 * * *'
  workflow_dispatch:

permissions: {}

jobs:
`;

function renderJob(environment: WorkflowEnvironment, settings: WorkflowSettings): string {
  return `  ${jobId('drift', environment, settings)}:
    name: drift ${environment.name}
    runs-on: ubuntu-latest
    timeout-minutes: 15
    concurrency:
      group: connectorctl-drift-${environment.name}
      cancel-in-progress: false
${renderEnvironment(readingEnvironment(environment), environment, false)}    permissions:
      contents: read # the definitions
      issues: write # the issue about the drift
    steps:
      - name: Check out the definitions
        uses: ${checkout}
        with:
          persist-credentials: false

      - name: Look for drift
        id: drift
        uses: ${usesAction(settings)}
${renderActionInputs('drift', environment, settings)}
`;
}
