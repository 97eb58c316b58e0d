import { probeCallback } from '../events/probe-callback.ts';
import type { Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { eventsStatus } from './events-status.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import type { OperationResult } from './result.ts';
import { readSignatureKeys } from './signature-keys.ts';

/**
 * Proves the way of the events of one definition as far as that can be done from here: its subscription, its poller, its last events, and whether
 * its callback answers. A test, signed with the key of the definition, is sent to this machine, and elsewhere only with `post`.
 */
export async function testEvents(
  ports: OperationPorts,
  target: OperationTarget,
  { key, post }: { readonly key: string; readonly post: boolean },
): Promise<OperationResult> {
  const signing = await findKey(ports, target, key);
  if (signing !== undefined && 'result' in signing) return signing.result;
  return eventsStatus(ports, target, {
    key,
    probe: ({ id, name, connector }, callback) =>
      probeCallback({ callback, instance: { id, name, connector }, key: signing?.key, post }),
  });
}

/** Undefined where the definition has none: then the test is not signed either. */
async function findKey(
  ports: OperationPorts,
  target: OperationTarget,
  key: string,
): Promise<{ readonly key: Secret | undefined } | { readonly result: OperationResult } | undefined> {
  try {
    const keys = await readSignatureKeys(ports, target, key);
    return 'result' in keys ? keys : { key: keys.byDefinition.get(key) };
  } catch (error) {
    if (error instanceof UserError && error.code === 'no-signature-key') return undefined;
    throw error;
  }
}
