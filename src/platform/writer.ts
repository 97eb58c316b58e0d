import type { Reply } from '../http/reply.ts';
import type { Acknowledgement, PlatformReader, PlatformWriter, WrittenInstance } from '../model/platform.ts';
import type { Redactor } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { isAnswerOrAbsence, isEmptyOrJson, readInstanceAnswer, type Site, unreadable } from './answer.ts';
import { createReader } from './reader.ts';
import { type ConnectOptions, openWriteTransport, type WriteReply, type WriteTransport } from './transport.ts';
import { isId } from './wire/decode-instance.ts';
import { encodeCreate, encodeReauthorize, encodeUpdate } from './wire/encode-request.ts';

/** Connects for apply: what it gives reads and writes. */
export function connectWriter(options: ConnectOptions): PlatformWriter {
  const transport = openWriteTransport(options);
  const reader = createReader(transport, options.baseUrl, options.redactor);
  return Object.freeze({ ...reader, ...createWriter(transport, options.redactor) });
}

/** The writing half of the platform over a transport. */
function createWriter(transport: WriteTransport, redactor: Redactor): Omit<PlatformWriter, keyof PlatformReader> {
  const { site } = transport;
  return {
    createInstance: async (request) =>
      readWritten(
        await transport.send('POST', '/instances', { body: encodeCreate(request), connector: request.connector }),
        site,
        redactor,
      ),
    updateInstance: async (id, request) =>
      readWritten(await transport.send('PATCH', instancePath(id), { body: encodeUpdate(request) }), site, redactor, id),
    reauthorizeInstance: async (id, request) =>
      readWritten(
        await transport.send('PUT', instancePath(id), { body: encodeReauthorize(request) }),
        site,
        redactor,
        id,
      ),
    setEnabled: async (id, enabled) => {
      const reply = await transport.send(enabled ? 'PUT' : 'DELETE', `${instancePath(id)}/enabled`);
      mustBeOurs(reply, site);
      return readAcknowledgement(reply, site);
    },
    deleteInstance: async (id) => {
      mustBeOurs(await transport.send('DELETE', instancePath(id), { accept: isAnswerOrAbsence }), site);
    },
    deleteSubscription: async (id) => {
      // What a server calls an id must not name another path.
      if (!isId(id)) throw new UserError('invalid-id', 'The id of a subscription is not a number.');
      const path = `/notifications/subscriptions/${id}`;
      mustBeOurs(await transport.send('DELETE', path, { accept: isAnswerOrAbsence }), site);
    },
  };
}

/** @param id of the instance that was written to; undefined when it was made */
function readWritten(reply: WriteReply, site: Site, redactor: Redactor, id?: string): WrittenInstance {
  const late = reply.mayComeLate ? { mayComeLate: true } : {};
  return { ...readInstanceAnswer(reply, site, redactor, id), ...readAcknowledgement(reply, site), ...late };
}

/** A change without the privilege for it is left out, with a success and this header (platform-api §12). */
function readAcknowledgement(reply: Reply, site: Site): Acknowledgement {
  const text = reply.header('elements-error')?.trim() ?? '';
  return text === '' ? {} : { elementsError: site.show(text) };
}

/** The platform answers these with nothing, or with JSON (platform-api §5, §6); a page comes from something in between, which carried nothing out. */
function mustBeOurs(reply: Reply, site: Site): void {
  if (!isEmptyOrJson(reply)) throw unreadable(reply, site, 'it is not JSON');
}

/** Path of an instance. Throws a UserError of kind `invalid` for text that is no id: it could name another path. */
function instancePath(id: string): string {
  if (isId(id)) return `/instances/${id}`;
  throw new UserError('invalid-id', 'The id of an instance is not a number.', {
    kind: 'invalid',
    hint: 'Write the number that the platform shows: adopt: 12345',
  });
}
