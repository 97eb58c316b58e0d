import type { Reply } from '../http/reply.ts';
import type { LiveInstance } from '../model/live.ts';
import {
  type Acknowledgement,
  PlatformError,
  type PlatformReader,
  type PlatformWriter,
  type WrittenInstance,
} from '../model/platform.ts';
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
  return Object.freeze({ ...reader, ...createWriter(transport, options.redactor, reader) });
}

/** The writing half of the platform over a transport. */
function createWriter(
  transport: WriteTransport,
  redactor: Redactor,
  { readInstance }: Pick<PlatformReader, 'readInstance'>,
): Omit<PlatformWriter, keyof PlatformReader> {
  const { site } = transport;
  /** A success that shows nothing is one all the same: a read shows what there is now. */
  const showChanged = async (reply: WriteReply, id: string): Promise<WrittenInstance> => {
    const isShown = reply.text.trim() !== '';
    const shown = isShown ? readInstanceAnswer(reply, site, redactor, id) : await lookAt(id);
    if (shown === undefined) throw unreadable(reply, site, 'it is empty, and a read does not show the instance');
    return toWritten(reply, shown, site);
  };
  /** A refusal of the read is none of the write. */
  const lookAt = async (id: string): Promise<LiveInstance | undefined> => {
    try {
      return await readInstance(id);
    } catch (error) {
      if (error instanceof PlatformError) return undefined;
      throw error;
    }
  };
  return {
    createInstance: async (request) => {
      const { connector } = request;
      const reply = await transport.send('POST', '/instances', { body: encodeCreate(request), connector });
      return toWritten(reply, readInstanceAnswer(reply, site, redactor), site);
    },
    updateInstance: async (id, request) =>
      showChanged(await transport.send('PATCH', instancePath(id), { body: encodeUpdate(request) }), id),
    reauthorizeInstance: async (id, request) =>
      showChanged(await transport.send('PUT', instancePath(id), { body: encodeReauthorize(request) }), id),
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

function toWritten(reply: WriteReply, shown: LiveInstance, site: Site): WrittenInstance {
  const late = reply.mayComeLate ? { mayComeLate: true } : {};
  return { ...shown, ...readAcknowledgement(reply, site), ...late };
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
