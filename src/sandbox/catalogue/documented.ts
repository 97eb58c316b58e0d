import type { Connector } from '../../model/connector.ts';
import { connector, type SandboxConnector, type SandboxEntry } from './connector.ts';
import { entry } from './entries.ts';
import { playedAs } from './from-catalogue.ts';

/** What is known of a connector beyond its entries. */
interface Habits {
  /** Its id on the first platform; others are made up. */
  readonly id: number;
  /** Keys of documented bodies that are no entry of it. */
  readonly takes?: readonly SandboxEntry[];
  /** The value never comes back at all (platform-api §7). */
  readonly neverReturned?: readonly string[];
  /** Keys that a documented body leaves out although a person has to give them. */
  readonly mayLack?: readonly string[];
}

/** Connectors that documented bodies show: they have their real entries, and do what the bodies show besides. */
const documented: Readonly<Record<string, Habits>> = {
  autotaskhelpdesk: { id: 123 },
  bigcommerce: { id: 192 },
  closeio: { id: 119 },
  constantcontact: { id: 66 },
  egnyte: { id: 6698 },
  freshdeskv2: { id: 491 },
  github: { id: 6291 },
  googledrive: { id: 21 },
  googlesuite: { id: 9386 },
  greatplains: { id: 124 },
  // One body logs in with OAuth, the others with an API user.
  icontact: {
    id: 13_766,
    takes: [entry('oauth.api.key', 'TEXTFIELD_128'), entry('oauth.api.secret', 'PASSWORD')],
    mayLack: ['AppID', 'api.password', 'api.username', 'api.version'],
  },
  infobip: { id: 37 },
  // The vendor's own tests name the host by its first label, in place of its address.
  jira: { id: 120, takes: [entry('jira.subdomain', 'TEXTFIELD_128')], mayLack: ['base.url'] },
  lithiumlsw: { id: 814 },
  mailchimpv3: { id: 527 },
  maximizer: { id: 5127 },
  mysql: { id: 312 },
  // One body has a user and a password in place of the app.
  sageone: {
    id: 3458,
    takes: [
      entry('username', 'TEXTFIELD_128'),
      entry('password', 'PASSWORD'),
      entry('servicenow.subdomain', 'TEXTFIELD_64'),
    ],
    mayLack: ['oauth.api.key', 'oauth.api.secret'],
  },
  sfdc: { id: 23 },
  sharefile: {
    id: 450,
    takes: [
      entry('oauth.callback.url', 'TEXTFIELD_1000', {
        about: 'Where ShareFile sends the browser back to after consent.',
        comesBackAs: 'sharefile.callback.url',
      }),
    ],
    neverReturned: ['document.root.folder.name'],
  },
};

/** Ids that are known of connectors that are built in, by key. */
export const documentedIds: ReadonlyMap<string, number> = new Map(
  Object.entries(documented).map(([key, { id }]) => [key, id]),
);

/** A built-in connector, as the sandbox plays it: as its entries say, and as documented bodies show. */
export function playDocumented(source: Connector, id: number): SandboxConnector {
  const { key, name, hub = 'general' } = source;
  const habits = Object.hasOwn(documented, key) ? documented[key] : undefined;
  const { takes = [], neverReturned = [], mayLack } = habits ?? {};
  const aliases = new Set(takes.map(({ comesBackAs }) => comesBackAs));
  // The value that an alias shows belongs to the key that was sent.
  const own = source.entries.filter((declared) => !aliases.has(declared.key));
  const hidden = own.filter((declared) => neverReturned.includes(declared.key)).map(hideValue);
  const authentication = playedAs(source.authentication);
  const played = connector({ id, key, name, hub, authentication }, own, hidden, takes);
  return { ...played, source, mayLack };
}

function hideValue(declared: SandboxEntry): SandboxEntry {
  return { ...declared, neverReturned: true };
}
