import { entryOf } from '../../catalogue/choices.ts';
import { isJsonObject } from '../../model/json.ts';
import { holdsCredential, isKeyAsUser } from '../../model/credential-inside.ts';
import { isStandIn } from '../../model/placeholder.ts';
import { isSwitch } from '../../model/secret-entry.ts';
import { catalogueEntryOf } from '../catalogue-entry.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import { isSecretText, oughtToBeSecret } from '../show-text.ts';
import type { Path, Subject, Text } from '../subject.ts';
import type { ValidationContext } from '../validation-context.ts';

/** Provider data that tells where a grant is from, not the grant itself (platform-api §3). */
const openProviderData: ReadonlySet<string> = new Set(['state', 'realmId', 'dataSource', 'org', 'expires_in', 'debug']);
const userInfo = /:\/\/[^/\s:@]+:[^/\s@]+@/;
/** What was meant as a reference; other rules say how to write one. */
const intended = /^\$\{.*\}$|\{\{/s;

export const literalSecret: DocumentRule = {
  code: 'literal-secret',
  severity: 'warning',
  message: 'Secret written in the file',
  help: 'Everyone who can read the repository, now or later, can read a secret that is written in a file. Commit a reference instead.',
  check: (subject, context) => [
    ...subject.texts
      .filter((place) => isLiteral(place) && !isOfVendor(place, subject, context))
      .map(({ path, key, text }) => toFinding(path, key, userInfo.test(text))),
    ...numbersIn(subject),
  ],
};

function isLiteral(place: Text): boolean {
  const { text, area, key, references } = place;
  if (area === 'other' || references.length > 0) return false;
  if (area === 'providerData' ? openProviderData.has(key) : !isCredential(key, text) && !isSecretText(place))
    return false;
  return text.trim() !== '' && !isSwitch(text) && !intended.test(text) && !isStandIn(text);
}

/** What every instance has that sets nothing else: `fetch` as the CSRF token of S/4HANA. */
function isOfVendor({ key, text }: Text, subject: Subject, context: ValidationContext): boolean {
  const known = catalogueEntryOf(subject, context);
  return known !== undefined && entryOf(known.connector, key)?.defaultValue === text;
}

function isCredential(key: string, text: string): boolean {
  return userInfo.test(text) || holdsCredential(text) || isKeyAsUser(key, text);
}

/** A password may be a number to YAML. */
function numbersIn({ entries, secretKeys, fields: { providerData } }: Subject): readonly Finding[] {
  const secrets = entries.filter(
    ({ key, value }) => typeof value === 'number' && (oughtToBeSecret(key) || secretKeys.has(key)),
  );
  const grants = isJsonObject(providerData)
    ? Object.entries(providerData).filter(([key, value]) => typeof value === 'number' && !openProviderData.has(key))
    : [];
  return [
    ...secrets.map(({ path, key }) => toFinding(path, key)),
    ...grants.map(([key]) => toFinding(['providerData', key], key)),
  ];
}

function toFinding(path: Path, key: string, inUrl = false): Finding {
  return {
    path,
    part: 'key',
    detail: inUrl
      ? `\`${key}\` contains a user and a password in a URL, and everyone can read them in the file.`
      : `\`${key}\` looks like a secret, and everyone can read its value in the file.`,
    hint: `Write a reference: \`\${{ secrets.${secretName(key)} }}\`. If the file was ever shared, change the secret too.`,
  };
}

function secretName(key: string): string {
  return key.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
}
