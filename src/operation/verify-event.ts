import path from 'node:path';
import { readBytesFile, readTextFile } from '../disk/read-text.ts';
import { explainSignatureOf } from '../events/check-signature.ts';
import { parseNotification } from '../events/events.ts';
import { mostBytes } from '../events/receiver.ts';
import { Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import type { OperationResult } from './result.ts';
import { readSignatureKeys } from './signature-keys.ts';

export interface VerifyOptions {
  /** File with the body as it came over the wire. */
  readonly body: string;
  /** File with the value of the header, or with all headers; absent: the request had none. */
  readonly signature?: string | undefined;
  /** File with the key. */
  readonly key?: string | undefined;
  /** Key of the definition whose signature key it is. */
  readonly keyFrom?: string | undefined;
}

/** Checks the signature of a notification from files, and finds out what differs. Asks the platform nothing. */
export async function verifyEvent(
  ports: OperationPorts,
  target: OperationTarget,
  options: VerifyOptions,
): Promise<OperationResult> {
  const key = await readKey(ports, target, options);
  if ('result' in key) return key.result;
  const at = (file: string): string => path.resolve(ports.cwd, file);
  const body = readBytesFile(at(options.body), mostBytes);
  const header = options.signature === undefined ? undefined : readTextFile(at(options.signature));
  const parsed = parseNotification(body);
  return {
    kind: 'verified',
    verdict: explainSignatureOf(body, header, key.key),
    notification: parsed.ok ? parsed.notification : undefined,
    diagnostics: [],
  };
}

async function readKey(
  ports: OperationPorts,
  target: OperationTarget,
  { key, keyFrom }: VerifyOptions,
): Promise<{ readonly key: Secret } | { readonly result: OperationResult }> {
  if (key !== undefined) return { key: readKeyFile(key, ports) };
  if (keyFrom === undefined) {
    throw new UserError('no-signature-key', 'There is no key to check with.', {
      kind: 'invalid',
      hint: 'Name the definition whose key it is with --key-from, or a file with the key with --key.',
    });
  }
  const keys = await readSignatureKeys(ports, target, keyFrom);
  if ('result' in keys) return keys;
  const [found] = keys.byDefinition.values();
  if (found === undefined) throw new Error('A definition without a signature key was let through.');
  return { key: found };
}

/** The key in a file, without the line end that editors put there. */
export function readKeyFile(file: string, { cwd, secretRead }: Pick<OperationPorts, 'cwd' | 'secretRead'>): Secret {
  const text = readTextFile(path.resolve(cwd, file), 64 * 1024).replace(/\r?\n$/, '');
  const key = new Secret(text, file);
  secretRead?.(key);
  return key;
}
