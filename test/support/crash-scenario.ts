import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { isWholeSweep } from './crash-door.ts';

/** Definitions by file, and the secrets that they refer to. */
export interface Scenario {
  /** What was applied before. */
  readonly before: Readonly<Record<string, string>>;
  /** What the apply that is killed is to make of it: creates, updates, 2 moves, 2 deletes. */
  readonly after: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** The workspace file, for a platform at the given address, of which only the host counts. */
export function crashWorkspace(origin: string): string {
  const limits = { maxDelete: 100, maxDeletePercent: 100 };
  const environments = { test: { baseUrl: new URL(origin).origin, prune: true, limits } };
  return JSON.stringify({ version: 1, workspace: 'acme', defaultEnvironment: 'test', environments });
}

/** How many of each kind: more of a kind meet no other moments, and make the sweep longer by their square. */
const counts = isWholeSweep
  ? { basics: 7, off: 2, shareFiles: 3, changed: 4 }
  : { basics: 2, off: 1, shareFiles: 1, changed: 2 };

/** Made so that every kind of write is met: a grant code, values that come back otherwise, switching off and on again. */
export const scenario: Scenario = {
  before: files(
    ...numbers(counts.changed).map((n) => basic(`change/basic-${n}`, { user: 'old' })),
    basic('change/switched', { user: 'old', extra: 'enabled: true\n' }),
    shareFile('change/sharefile', 'old'),
    basic('move/from-1', { user: 'kept', name: 'Moved 1' }),
    shareFile('move/from-2', 'kept', 'Moved 2'),
    basic('gone/basic', { user: 'gone' }),
    shareFile('gone/sharefile', 'gone'),
  ),
  after: files(
    ...numbers(counts.basics).map((n) => basic(`new/basic-${n}`, { user: 'new' })),
    ...numbers(counts.off).map((n) => basic(`new/off-${n}`, { user: 'new', extra: 'enabled: false\n' })),
    ...numbers(counts.shareFiles).map((n) => shareFile(`new/sharefile-${n}`, 'new')),
    ...numbers(counts.changed).map((n) => basic(`change/basic-${n}`, { user: 'new' })),
    basic('change/switched', { user: 'new', extra: 'enabled: false\n' }),
    shareFile('change/sharefile', 'new'),
    basic('move/to-1', { user: 'kept', name: 'Moved 1' }),
    shareFile('move/to-2', 'kept', 'Moved 2'),
  ),
  env: { CONNECTORCTL_SECRET_PASSWORD: 'pa55 word', CONNECTORCTL_SECRET_CODE: 'sandbox-code' },
};

/** What a log-in leaves behind: other at every log-in, and nothing that anybody declared. */
const madeByLogIn = new Set(['oauth.user.token', 'oauth.user.refresh_token', 'oauth.user.refresh_time']);

/**
 * What a person would compare: everything about every instance, but what the platform chooses by itself.
 * An instance that was there before keeps its id and its token.
 */
export function describeState(sandbox: Sandbox): readonly string[] {
  const existing = Object.keys(scenario.before).length;
  const [first] = sandbox.instances();
  return sandbox
    .instances()
    .map(({ id, token, createdDate: _date, configuration, ...rest }) =>
      JSON.stringify({
        ...rest,
        configuration: Object.fromEntries(Object.entries(configuration).filter(([key]) => !madeByLogIn.has(key))),
        ...(id < (first?.id ?? 0) + existing ? { id, token } : {}),
      }),
    )
    .toSorted();
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function files(...all: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(all.map(([key, text]) => [`instances/${key}.yaml`, text]));
}

interface BasicOptions {
  readonly user: string;
  readonly name?: string;
  readonly extra?: string;
}

function basic(key: string, { user, name = key, extra = '' }: BasicOptions): readonly [string, string] {
  const text = `connector: actessentials
name: ${name}
${extra}configuration:
  username: ${user}
  password: \${{ secrets.PASSWORD }}
`;
  return [key, text];
}

function shareFile(key: string, subdomain: string, name = key): readonly [string, string] {
  const text = `connector: sharefile
name: ${name}
tags: [Docs]
configuration:
  oauth.api.key: an id
  oauth.api.secret: \${{ secrets.PASSWORD }}
  oauth.callback.url: https://app.example.com
  document.root.folder.name: /top
  sharefile.subdomain: ${subdomain}
  event.notification.enabled: true
  event.vendor.type: polling
  event.notification.callback.url: https://app.example.com/events
  event.poller.refresh_interval: 15
  event.poller.configuration:
    documents:
      url: /hubs/documents/events/poll/documents?where=lastmodifieddate='\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'
      idField: Id
      datesConfiguration:
        updatedDateField: CreationDate
        updatedDateFormat: yyyy-MM-dd'T'HH:mm:ss.SSS'Z'
        updatedDateTimezone: GMT
        createdDateField: ProgenyEditDate
        createdDateFormat: yyyy-MM-dd'T'HH:mm:ss.SSS'Z'
        createdDateTimezone: GMT
providerData:
  code: \${{ secrets.CODE }}
`;
  return [key, text];
}
