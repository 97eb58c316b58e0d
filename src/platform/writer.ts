import type { PlatformReader, PlatformWriter } from '../model/platform.ts';
import type { Redactor } from '../model/redactor.ts';
import { isAnswerOrAbsence } from './absence.ts';
import { readInstanceAnswer } from './answer.ts';
import { toInstancePath } from './instance-path.ts';
import type { WriteTransport } from './transport.ts';
import { encodeCreate, encodeUpdate } from './wire/encode-request.ts';

/** The writing half of the platform over a transport. */
export function createWriter(
  transport: WriteTransport,
  redactor: Redactor,
): Omit<PlatformWriter, keyof PlatformReader> {
  const { site } = transport;
  return {
    createInstance: async (request) =>
      readInstanceAnswer(
        await transport.send('POST', '/instances', { body: encodeCreate(request), connector: request.connector }),
        site,
        redactor,
      ),
    updateInstance: async (id, request) =>
      readInstanceAnswer(
        await transport.send('PATCH', toInstancePath(id), { body: encodeUpdate(request) }),
        site,
        redactor,
      ),
    setEnabled: async (id, enabled) => {
      await transport.send(enabled ? 'PUT' : 'DELETE', `${toInstancePath(id)}/enabled`);
    },
    deleteInstance: async (id) => {
      await transport.send('DELETE', toInstancePath(id), { accept: isAnswerOrAbsence });
    },
  };
}
