import {
  checkout,
  currentEnvironment,
  renderActionInputs,
  renderEnvironment,
  renderMatrix,
  usesAction,
} from './workflow-parts.ts';
import { actionFolder, trustedFolder, type WorkflowSettings } from './workflow-settings.ts';

/** The workflow that plans pull requests: a job with a run for each environment. */
export function renderPlanWorkflow(settings: WorkflowSettings): string {
  return `# Plans what the merge of a pull request would apply. A fork gets the plan that needs no secrets.
# Written by \`connectorctl init\`; edit it as you like.
name: connectorctl plan

on:
  pull_request:
  merge_group:

permissions: {}
concurrency:
  group: connectorctl-plan-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }} # an older plan tells nothing any more

jobs:
  plan:
    name: plan ${currentEnvironment}
${renderMatrix(settings.environments.map(({ name }) => name))}    runs-on: ubuntu-latest
    timeout-minutes: 15
${renderEnvironment('reading', settings)}    permissions:
      contents: read # the definitions
      pull-requests: write # the comment with the plan
      checks: write # the result on the commit
    steps:
      # The merge as GitHub made it; with history, as the plan of a fork is a comparison with the base.
      - name: Check out the pull request
        uses: ${checkout}
        with: { fetch-depth: 0, persist-credentials: false }
${settings.action === undefined ? renderTrustedSteps(settings) : renderNamedStep(settings)}`;
}

function renderNamedStep(settings: WorkflowSettings): string {
  return `      - name: Plan
        id: plan
        uses: ${usesAction(settings)}
${renderActionInputs('plan', settings)}
`;
}

/** The tool is that of the base. A base without it, as before the first merge, is said and is no failure. */
function renderTrustedSteps(settings: WorkflowSettings): string {
  const action = `${trustedFolder}/${actionFolder}`;
  return `      # A pull request may bring this name as a link, and a checkout would empty the folder behind it.
      - name: Make room for connectorctl of the base
        run: rm -rf -- ${trustedFolder}
      # The tool is that of the base: no pull request changes what plans it.
      - name: Check out connectorctl of the base
        uses: ${checkout}
        with:
          ref: \${{ github.event.pull_request.base.sha || github.event.merge_group.base_sha }}
          path: ${trustedFolder}
          sparse-checkout: ${actionFolder}
          persist-credentials: false
      - name: Plan
        id: plan
        if: hashFiles('${action}/action.yml') != ''
        uses: ./${action}
${renderActionInputs('plan', settings)}
      - name: Say why there is no plan
        if: hashFiles('${action}/action.yml') == ''
        run: |
          message='Not planned: the base branch has no ${actionFolder} yet, and a pull request must not bring the tool that plans it. Merge the setup first; the next pull request is planned.'
          echo "::notice title=connectorctl::$message" && echo "$message" >> "$GITHUB_STEP_SUMMARY"
`;
}
