import { isJsonObject, type Json } from '../../model/json.ts';
import type { Pointer } from '../../model/position.ts';
import { Secret } from '../../model/secret.ts';
import { convertValue } from '../convert/convert-value.ts';
import type { Draft } from '../convert/convert-value.ts';
import { createNameGiver } from '../convert/reference-names.ts';
import type { NameGiver } from '../convert/reference-names.ts';
import { findReferences } from '../references.ts';
import type { KnownText } from './import-options.ts';
import { parseJsonValue } from './same-value.ts';
import { pollerKey } from '../../model/platform-keys.ts';

interface WriterOptions {
  readonly known?: KnownText | undefined;
  readonly id: string;
  readonly connector: string;
  readonly isSecretKey: (key: string) => boolean;
  readonly nameSecret?: NameGiver;
}

/** Turns live values into what a definition says. */
export interface ValueWriter {
  /** Equal to the live value once references are resolved; never a secret in the clear. */
  write(key: string, value: string | Secret): Json;
  /** Names of the secrets that were made so far. */
  readonly secrets: ReadonlySet<string>;
  readonly comments: ReadonlyMap<Pointer, string>;
}

/** Makes a writer for one instance. Secrets get a name for each instance and key: whether two are equal is not ours to know. */
export function createValueWriter(options: WriterOptions): ValueWriter {
  const { id, connector, isSecretKey, known, nameSecret = createNameGiver() } = options;
  const secrets = new Set<string>();
  const comments = new Map<Pointer, string>();
  const draftFor = (key: string): Draft => ({
    connector,
    isSecretKey,
    nameSecret: (wanted) => nameSecret(wanted, `${id} ${key}`),
    nameVariable: (wanted) => wanted,
    comments,
    secrets,
    vars: new Set(),
  });
  return {
    secrets,
    comments,
    write: (key, value) => {
      const draft = draftFor(key);
      const name = known?.nameOf(value);
      if (name !== undefined) return `\${{ secrets.${name} }}`;
      if (value instanceof Secret || known?.shows(value) === true)
        return convertValue({ ...draft, isSecretKey: () => true }, key, '********');
      const parsed = key === pollerKey ? parseJsonValue(value) : undefined;
      if (isJsonObject(parsed)) return parsed;
      const written = convertValue(draft, key, value);
      // Convert puts slips of the pen right; here the value is one that somebody uses.
      return typeof written === 'string' && findReferences(written).length === 0 ? value : written;
    },
  };
}
