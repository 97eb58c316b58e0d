import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { reveal, Secret } from '../../model/secret.ts';
import { type Refused, refuse } from '../provider-fault.ts';
import { encrypted, type SopsFile, type SopsLeaf } from './sops-file.ts';

/** What a SOPS file holds, once it was opened and its MAC is right. */
export type SopsOpened =
  | {
      readonly ok: true;
      /** By name: the encrypted values at the top of the file, the only ones that a reference can name. */
      readonly secrets: ReadonlyMap<string, Secret>;
      /** All that was encrypted, deeper ones included: none of it may be seen. */
      readonly hidden: readonly Secret[];
      /** Names at the top of the file that stand there for everybody to read. */
      readonly plain: ReadonlySet<string>;
    }
  | Refused;

/**
 * Decrypts a SOPS file: the data key by age, each value by AES-256-GCM with its path as additional data, and then the MAC over all values,
 * without which nothing of it is believed. Answers why not, and never throws for what a file holds.
 *
 * @param identities text of an age identity file: `AGE-SECRET-KEY-1…` lines and comments
 */
export async function openSops({ leaves, metadata }: SopsFile, identities: Secret): Promise<SopsOpened> {
  const dataKey = await openDataKey(metadata.ageKeys, identities);
  if (!dataKey.ok) return dataKey;
  const values = leaves.map((leaf) => ({
    leaf,
    value: leaf.isEncrypted ? decryptLeaf(leaf, dataKey.key) : Buffer.from(leaf.text),
  }));
  const broken = values.find(({ value }) => value === undefined);
  if (broken !== undefined) return altered(`The value of \`${broken.leaf.path.join('.')}\` cannot be decrypted.`);

  const covered = values.filter(({ leaf }) => leaf.isEncrypted || !metadata.macOnlyEncrypted);
  const mac = createHash('sha512');
  // So that a MAC of this kind is never one of the other.
  if (metadata.macOnlyEncrypted) mac.update(createHash('sha256').update('sops').digest());
  for (const { value = none } of covered) mac.update(value);
  const written = decrypt(metadata.mac, dataKey.key, metadata.lastModified);
  if (written === undefined || !isSame(written, Buffer.from(mac.digest('hex').toUpperCase())))
    return altered('Its MAC is not that of its values.');

  const opened = values.flatMap(({ leaf, value = none }) =>
    leaf.isEncrypted ? [{ leaf, secret: new Secret(toText(leaf, value), `secrets.${leaf.path.join('.')}`) }] : [],
  );
  const top = values.filter(({ leaf }) => leaf.path.length === 1);
  return {
    ok: true,
    secrets: new Map(
      opened.flatMap(({ leaf, secret }) => (leaf.path.length === 1 ? [[leaf.path[0] ?? '', secret]] : [])),
    ),
    hidden: opened.map(({ secret }) => secret),
    plain: new Set(top.flatMap(({ leaf }) => (leaf.isEncrypted ? [] : [leaf.path[0] ?? '']))),
  };
}

const none = Buffer.alloc(0);

type DataKey = { readonly ok: true; readonly key: Uint8Array } | Refused;

async function openDataKey(ageKeys: readonly string[], identities: Secret): Promise<DataKey> {
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  const lines = reveal(identities)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  try {
    for (const line of lines) decrypter.addIdentity(line);
  } catch {
    return refuse(
      'sops-bad-identity',
      'What SOPS_AGE_KEY or SOPS_AGE_KEY_FILE holds is no age identity (`AGE-SECRET-KEY-1…`).',
    );
  }
  if (lines.length === 0)
    return refuse('sops-bad-identity', 'SOPS_AGE_KEY or SOPS_AGE_KEY_FILE holds no age identity.');
  for (const armored of ageKeys) {
    const key = await decrypter.decrypt(armor.decode(armored.trim())).catch(() => undefined);
    if (key?.length === 32) return { ok: true, key };
  }
  return refuse('sops-wrong-identity', 'None of its age recipients belongs to the identity that is set.');
}

function decryptLeaf({ path, text }: SopsLeaf, key: Uint8Array): Buffer | undefined {
  return decrypt(text, key, path.map((name) => `${name}:`).join(''));
}

/** SOPS writes truth values as its language prints them, and a reference gives what a person would write. */
function toText({ text }: SopsLeaf, value: Buffer): string {
  const written = value.toString();
  return encrypted.exec(text)?.[4] === 'bool' ? written.toLowerCase() : written;
}

function decrypt(text: string, key: Uint8Array, additional: string): Buffer | undefined {
  const [, data = '', iv = '', tag = ''] = encrypted.exec(text) ?? [];
  const authTag = Buffer.from(tag, 'base64');
  if (authTag.length !== 16) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(additional));
    decipher.setAuthTag(authTag);
    return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]);
  } catch {
    return undefined;
  }
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function altered(detail: string): Refused {
  const hint =
    'It was changed by hand, or damaged. Take the last version that is right, and change it with `sops edit`.';
  return refuse('sops-altered', detail, hint);
}
