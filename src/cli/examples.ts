/** Examples of each command, as they stand in its help, without the name of the program. The first one is the commonest. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  connectorctl: ['init --connector sharefile', 'validate', 'plan --env production', 'apply --env production'],
  init: [
    'init --workspace acme --env dev,stage,prod --platform https://api.openconnectors.eu10.ext.hana.ondemand.com',
    'init --platform stage=https://api.openconnectors.eu10.ext.hana.ondemand.com,prod=https://api.openconnectors.us10.ext.hana.ondemand.com',
    'init --connector sharefile,sfdc',
  ],
  validate: ['validate', 'validate instances/crm/sales.yaml --strict', 'validate --no-secrets --format sarif'],
  plan: [
    'plan --env production',
    "plan --only 'crm/*' --out plan.json",
    'plan --offline --base main --format markdown',
  ],
  apply: ['apply --env production', 'apply plan.json --yes --record run.jsonl', 'apply --only crm/sales'],
  drift: ['drift --env production', 'drift --accept crm/sales'],
  authorize: ['authorize crm/sales', 'authorize --all', 'authorize crm/sales --no-browser'],
  status: ['status --env production', "status --ping --only 'crm/*'", 'status --format json'],
  doctor: ['doctor --env production', 'doctor --all-environments', 'doctor --format json'],
  import: ['import --all --env production', 'import --id 4711 4712 --adopt'],
  convert: ['convert body.json', 'convert collection.json --out instances'],
  catalog: ['catalog pull'],
  'catalog pull': ['catalog pull', 'catalog pull sharefile sfdc'],
  explain: ['explain sharefile', 'explain sharefile.event.vendor.type', 'explain --list crm'],
  secrets: ['secrets list --env production'],
  'secrets list': ['secrets list --env production', 'secrets list --format json'],
  'secrets check': ['secrets check --env production'],
  events: ['events listen --port 8788'],
  'events listen': ['events listen --key-from crm/sales', 'events listen --forward http://127.0.0.1:3000/events'],
  'events status': ['events status', 'events status crm/sales'],
  'events test': ['events test crm/sales'],
  'events verify': ['events verify body.json --signature headers.txt --key-from crm/sales'],
  completion: ['completion bash', 'completion fish'],
  report: ['report merge shards/*.json'],
  'report merge': ['report merge shards/*.json --format markdown', 'report merge shards/*.json --out plan.json'],
  history: ['history run.jsonl', 'history artifacts/ --failed', 'history run.jsonl crm/sales --since 2026-01-01'],
};

/** The examples of a command as its help shows them. */
export function renderExamples(name: string): string {
  const lines = examples[name] ?? [];
  return lines.length === 0 ? '' : `\nExamples:\n${lines.map((line) => `  connectorctl ${line}\n`).join('')}`;
}
