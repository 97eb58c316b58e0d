import { makeEvent } from '../events/make-event.ts';
import { isThisMachine, probeCallback } from '../events/probe-callback.ts';
import { parseUrl } from '../model/parse-url.ts';
import { eventsStatus } from './events-status.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import type { OperationResult } from './result.ts';
import { readCallbackSecrets } from './signature-keys.ts';

/**
 * Proves the way of the events of one definition as far as that can be done from here: its subscription, its poller, its last events, and whether
 * its callback answers. On a sandbox an event is made and sent too, to a callback on this machine. A test, signed with the key of the definition, is sent to this machine, and elsewhere only with `post`.
 */
export async function testEvents(
  ports: OperationPorts,
  target: OperationTarget,
  { key, post }: { readonly key: string; readonly post: boolean },
): Promise<OperationResult> {
  const known = await readCallbackSecrets(ports, target, key);
  if ('result' in known) return known.result;
  const signing = { key: known.byDefinition.get(key), login: known.loginOf(key) };
  return eventsStatus(ports, target, {
    key,
    make: async ({ id }, callback, baseUrl) => {
      const url = parseUrl(callback);
      return url !== undefined && isThisMachine(url) ? makeEvent(baseUrl, id) : undefined;
    },
    probe: ({ id, name, connector, tags }, callback) =>
      probeCallback({ callback, instance: { id, name, connector, tags }, post, ...signing }),
  });
}
