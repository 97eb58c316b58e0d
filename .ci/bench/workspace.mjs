import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const perFolder = 100;

/** Whose the instances are. */
export const owner = { workspace: 'bench', environment: 'bench' };

/** So many definitions differ in more than their number. */
export const kinds = 3;

/** Key of a definition. */
export function keyOf(index) {
  return `team-${Math.floor(index / perFolder)}/instance-${index}`;
}

/** A value of one definition as it is in another of the same kind. */
export function renumber(value, from, to) {
  if (value === nameOf(from)) return nameOf(to);
  return value === subdomainOf(from) ? subdomainOf(to) : value;
}

/** Writes a workspace with many definitions of three kinds; the name is the beginning of all their names. */
export function writeWorkspace(folder, count, baseUrl, name = instanceName) {
  const environment = baseUrl === undefined ? 'platform: sandbox' : `baseUrl: ${baseUrl}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'connectorctl.yaml'),
    `version: 1\nworkspace: ${owner.workspace}\ndefaultEnvironment: bench\nenvironments:\n  bench:\n    ${environment}\n    vars: { host: app.example.com }\n`,
  );
  for (let index = 0; index < count; index += 1) {
    const file = definitionFile(folder, index);
    if (index % perFolder === 0) mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, definition(index, name));
  }
}

/** The file of a definition. */
export function definitionFile(folder, index) {
  return path.join(folder, 'instances', `${keyOf(index)}.yaml`);
}

const instanceName = 'Instance';

function nameOf(index, name = instanceName) {
  return `${name} ${index}`;
}

function subdomainOf(index) {
  return `customer-${index}`;
}

function definition(index, name) {
  const events = [
    ['  event.notification.enabled: false'],
    [
      '  event.notification.enabled: true',
      '  event.vendor.type: webhook',
      '  event.notification.callback.url: https://${{ vars.host }}/events',
    ],
    [
      '  event.notification.enabled: true',
      '  event.vendor.type: polling',
      '  event.notification.callback.url: https://${{ vars.host }}/events',
      '  event.poller.refresh_interval: 15',
      '  event.poller.configuration:',
      '    documents:',
      "      url: /hubs/documents/events/poll/documents?where=lastmodifieddate='${gmtDate:yyyy-MM-dd}'",
      '      idField: Id',
    ],
  ][index % kinds];
  return [
    'connector: sharefile',
    `name: ${nameOf(index, name)}`,
    'tags: [Bench]',
    'configuration:',
    '  oauth.api.key: ${{ secrets.BENCH_CLIENT_ID }}',
    '  oauth.api.secret: ${{ secrets.BENCH_CLIENT_SECRET }}',
    '  oauth.callback.url: https://${{ vars.host }}/oauth',
    `  sharefile.subdomain: ${subdomainOf(index)}`,
    ...events,
    'providerData:',
    '  code: ${{ secrets.BENCH_CODE }}',
    '',
  ].join('\n');
}

export const benchSecrets = {
  CONNECTORCTL_SECRET_BENCH_CLIENT_ID: 'bench-client-id',
  CONNECTORCTL_SECRET_BENCH_CLIENT_SECRET: 'bench-client-secret',
  CONNECTORCTL_SECRET_BENCH_CODE: 'sandbox-bench-code',
  // The sandbox makes other credentials at each start, which hashes of what was applied must outlast.
  CONNECTORCTL_FINGERPRINT_KEY: '0123456789abcdef'.repeat(4),
};
