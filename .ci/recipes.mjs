// The page with a first definition of ten common connectors, made from what is built in of them. `--check` fails when it is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadSources, root } from './bundle.mjs';

const { findBuiltIn, builtInDate, explainConnector, scaffoldDefinition } = await loadSources(`
  export { findBuiltIn, builtInDate } from './src/catalogue/built-in.ts';
  export { explainConnector } from './src/catalogue/explain-connector.ts';
  export { scaffoldDefinition } from './src/definition/scaffold.ts';
`);

/** What is worth knowing beside the keys, in our own words; empty where the keys say it all. */
const recipes = [
  [
    'sharefile',
    'For events, add `event.notification.enabled` and the keys that `explain sharefile.event.vendor.type` names.',
  ],
  [
    'sfdc',
    'Salesforce ends the oldest of more than five sessions of one user, which shows as a login that is gone: give each environment a user of its own. With `authentication.type: oauth2Password` no person has to consent.',
  ],
  ['hubspotcrm', 'With `authentication.type: apiKey` no person has to consent.'],
  ['zendesk', ''],
  ['servicenow', ''],
  ['jira', ''],
  ['stripe', ''],
  [
    'quickbooks',
    'QuickBooks sends the `realmId` of the company with its answer; `connectorctl authorize` passes it on.',
  ],
  ['box', 'With `authentication.type: jwtOauth` no person has to consent.'],
  ['googledrive', ''],
];

const file = path.join(root, '.github/docs/connectors.md');
const text = render();
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write('.github/docs/connectors.md is not what the sources say. Run: npm run codes\n');
  process.exitCode = 1;
}

function render() {
  return `# First definitions of ten connectors

What a person has to give for each, as known on ${builtInDate}; your own tenant may differ (\`connectorctl catalog pull\`). Write one of them with \`connectorctl init --connector KEY\`, see all keys with \`connectorctl explain KEY\`, and find the other connectors with \`connectorctl explain --list\`. Made by \`npm run codes\`.

${recipes.map(renderRecipe).join('\n')}`;
}

function renderRecipe([key, words]) {
  const connector = findBuiltIn(key);
  const page = explainConnector({ connector, origin: 'built-in' }, builtInDate);
  const { yaml } = scaffoldDefinition(connector, '../schema/instance.schema.json');
  const login = page.consent
    ? 'A person consents once at the provider: `connectorctl authorize KEY` ([OAuth](oauth.md)).'
    : 'No person has to consent.';
  return `## ${page.name} (\`${key}\`)

${words === '' ? login : `${login} ${words}`}

\`\`\`yaml
${yaml.replace(/^# yaml-language-server.*\n/, '').trimEnd()}
\`\`\`
`;
}
