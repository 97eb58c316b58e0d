import { trustedFolder, actionFolder } from '../../../src/operation/init/workflow-settings.ts';

/**
 * The only difference between a workflow that init writes and the one of this repository: here the sources of the Action are
 * committed and not the Action, so that it has to be built before the step that uses it.
 * @param text as init writes it
 */
export function buildFirst(text: string): string {
  const isTrusted = text.includes(`path: ${trustedFolder}`);
  return text
    .replace(/^# Written by connectorctl init .*\n/m, note)
    .replaceAll(/^ +sparse-checkout: .*\n/gm, '')
    .replaceAll(/^(?= {6}- name: .*\n {8}id: (?:plan|apply|drift)$)/gm, isTrusted ? trustedSteps : ownSteps);
}

const note = `# As \`connectorctl init\` writes it, but for the two steps that build the Action: other repositories hold it built.
`;

const setUp = (condition: string): string => `      - name: Set up Node.js
${condition}        uses: actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0
        with:
          node-version: '24'
          package-manager-cache: false

`;

const ownSteps = `${setUp('')}      - name: Build the Action
        run: |
          npm ci --ignore-scripts --no-audit --no-fund
          npm run build

`;

const ifThere = `        if: hashFiles('${trustedFolder}/${actionFolder}/action.yml') != ''\n`;

const trustedSteps = `${setUp(ifThere)}      # With --prefix, npm looks into no folder above: nothing that the pull request brings takes part.
      - name: Build connectorctl of the base
${ifThere}        run: |
          npm ci --prefix ${trustedFolder} --ignore-scripts --no-audit --no-fund
          npm run --prefix ${trustedFolder} build

`;
