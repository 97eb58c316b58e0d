import { type Refused, refuse } from '../provider-fault.ts';

/** A value of a SOPS file, in the order of the file: the order that its MAC is made in. */
export interface SopsLeaf {
  /** Names of the maps that it stands in, and its own; a list adds none. */
  readonly path: readonly string[];
  /** As it is written; `ENC[…]` when it is encrypted. */
  readonly text: string;
  readonly isEncrypted: boolean;
}

/** What SOPS says about a file of its own, as far as it is needed to open it with age. */
export interface SopsMetadata {
  /** The data key, encrypted for each recipient: armored age files. */
  readonly ageKeys: readonly string[];
  readonly lastModified: string;
  readonly mac: string;
  /** Whether values that are not encrypted are left out of the MAC. */
  readonly macOnlyEncrypted: boolean;
}

export interface SopsFile {
  readonly leaves: readonly SopsLeaf[];
  readonly metadata: SopsMetadata;
}

export type SopsReading = { readonly ok: true; readonly file: SopsFile } | Refused;

/** What SOPS writes in place of a value. */
export const encrypted = /^ENC\[AES256_GCM,data:([^,]*),iv:([^,]+),tag:([^,]+),type:(\w+)\]$/;

/** A file whose section `sops`, flat or not, was read to plain data. */
export function toSopsFile(leaves: readonly SopsLeaf[], section: unknown): SopsReading {
  if (!isMap(section)) return refuse('sops-not-encrypted', 'It was not encrypted by SOPS: it has no section `sops`.');
  const groups = Array.isArray(section['key_groups']) ? section['key_groups'].filter(isMap) : [];
  if (groups.length > 1)
    return refuse('sops-key-groups', 'Its key is split over several key groups, and connectorctl opens files of one.');
  const ageKeys = [section, ...groups].flatMap((holder) => listAgeKeys(holder['age']));
  if (ageKeys.length === 0)
    return refuse(
      'sops-no-age',
      'It is not encrypted for any age recipient, the only kind of key that connectorctl opens.',
    );
  const { lastmodified, mac, mac_only_encrypted: only } = section;
  if (typeof mac !== 'string' || typeof lastmodified !== 'string')
    return refuse('sops-damaged', 'Its section `sops` has no `mac` or no `lastmodified`.');
  const macOnlyEncrypted = only === true || (typeof only === 'string' && /^(?:true|t|1)$/i.test(only));
  return { ok: true, file: { leaves, metadata: { ageKeys, lastModified: lastmodified, mac, macOnlyEncrypted } } };
}

function listAgeKeys(value: unknown): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  return entries.flatMap((entry) => (isMap(entry) && typeof entry['enc'] === 'string' ? [entry['enc']] : []));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
