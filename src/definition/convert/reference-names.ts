/**
 * Gives a free name: the wanted one, when that stands for another value already the second choice, and then the last of these with a number.
 * A value of undefined (nobody knows it yet) fits any.
 */
export type NameGiver = (wanted: string, value?: string, secondChoice?: string) => string;

const secretMeanings: Readonly<Record<string, string>> = {
  'oauth.api.key': 'CLIENT_ID',
  'oauth.api.secret': 'CLIENT_SECRET',
  'oauth.user.token': 'ACCESS_TOKEN',
  'oauth.user.refresh_token': 'REFRESH_TOKEN',
  'event.notification.signature.key': 'SIGNATURE_KEY',
  'event.notification.basic.password': 'CALLBACK_PASSWORD',
};
const variableMeanings: Readonly<Record<string, string>> = {
  'event.notification.callback.url': 'event.callback.url',
  'event.notification.basic.username': 'event.callback.username',
};

/** Segments that mean the same for every connector, so they never stand for its name (`oauth` in `actessentialsoauth`). */
const commonSegments = new Set(['oauth', 'oauth2', 'event', 'api', 'user', 'document', 'filter']);

/** Starts a set of names. One set must serve all bodies that are converted together, as secrets are shared by a workspace. */
export function createNameGiver(): NameGiver {
  const holders = new Map<string, string | undefined>();
  return (wanted, value, secondChoice = wanted) => {
    for (let count = 0; ; count += 1) {
      const name = count === 0 ? wanted : count === 1 ? secondChoice : `${secondChoice}_${count}`;
      const held = holders.get(name);
      if (held !== undefined && value !== undefined && held !== value) continue;
      holders.set(name, held ?? value);
      return name;
    }
  };
}

/** `sharefile`, `oauth.api.key` → `SHAREFILE_CLIENT_ID`; `autotaskhelpdesk`, `helpdesk.autotask.password` → `AUTOTASKHELPDESK_PASSWORD`. */
export function secretName(connector: string, key: string): string {
  const meaning = secretMeanings[key] ?? wordsOf(ownPart(connector, key)).join('_').toUpperCase();
  return legal([...wordsOf(connector, 'keep case'), meaning].join('_').toUpperCase());
}

/** The name with what tells one connection from others of its connector: `SHAREFILE_CLIENT_ID`, `finance-team` → `SHAREFILE_FINANCE_TEAM_CLIENT_ID`. */
export function nameWithLabel(name: string, connector: string, label: string): string {
  const prefix = legal(wordsOf(connector, 'keep case').join('_').toUpperCase());
  const words = wordsOf(label, 'keep case').join('_').toUpperCase().slice(0, longestLabel).replace(/_$/, '');
  return words === '' || !name.startsWith(`${prefix}_`) ? name : `${prefix}_${words}${name.slice(prefix.length)}`;
}

/** Characters. */
const longestLabel = 40;

/** `egnyte`, `subdomain` → `egnyteSubdomain`. Begins with the connector, as variables are shared by a whole environment. */
export function variableName(connector: string, key: string): string {
  const words = wordsOf(ownPart(connector, variableMeanings[key] ?? key));
  const own = words.join('').startsWith(connector.toLowerCase()) ? [] : wordsOf(connector, 'keep case');
  const [first = 'value', ...others] = [...own, ...words];
  return legal(first + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(''));
}

/** Words of a placeholder that say what it stands for: `<INSERT_YOUR_API_KEY>` → `api.key`. */
export function placeholderKey(placeholder: string): string {
  const words = wordsOf(placeholder).filter((word) => !['insert', 'your', 'optional', 'the'].includes(word));
  return words.join('.');
}

/** What is left of a key after the part that names the connector; never less than the last segment. */
function ownPart(connector: string, key: string): string {
  const segments = key.split('.');
  const named = segments.findLastIndex(
    (segment, index) => index < segments.length - 1 && segment.length > 2 && isNameOf(connector, segment),
  );
  return segments.slice(named + 1).join('.');
}

function isNameOf(connector: string, segment: string): boolean {
  return !commonSegments.has(segment) && connector.toLowerCase().includes(segment.toLowerCase());
}

function wordsOf(text: string, style: 'keep case' | 'split case' = 'split case'): readonly string[] {
  const spaced = style === 'keep case' ? text : text.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2');
  return spaced.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/** A reference name begins with a letter or `_`. */
function legal(name: string): string {
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`;
}
