import { WebSocket } from 'undici';
import { isJsonObject, type JsonRecord } from '../../../src/model/json.ts';

/** A session of the DevTools protocol: https://chromedevtools.github.io/devtools-protocol. */
export interface Devtools {
  /** Sends a command and answers its result; rejects with what the browser says. */
  send(method: string, params?: JsonRecord, sessionId?: string): Promise<JsonRecord>;
  /** Calls back for every event of a session; answers how to stop. */
  listen(sessionId: string, onEvent: (method: string, params: JsonRecord) => void): () => void;
  close(): void;
}

interface Waiting {
  readonly resolve: (result: JsonRecord) => void;
  readonly reject: (error: Error) => void;
}

export async function connectDevtools(url: string): Promise<Devtools> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(sessionId: unknown, method: string, params: JsonRecord) => void>();
  let last = 0;
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`the browser does not answer at ${url}`)));
  });
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('the browser hung up'));
    waiting.clear();
  });
  socket.addEventListener('message', ({ data }) => {
    const message: unknown = JSON.parse(String(data));
    if (!isJsonObject(message)) return;
    const { id, result, error, method, params, sessionId } = message;
    if (typeof id === 'number') {
      const one = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) one?.resolve(toObject(result));
      else one?.reject(new Error(`the browser refused: ${JSON.stringify(error)}`));
    } else if (typeof method === 'string') {
      for (const listener of listeners) listener(sessionId, method, toObject(params));
    }
  });
  return {
    send: (method, params = {}, sessionId) => {
      last += 1;
      const id = last;
      const answer = new Promise<JsonRecord>((resolve, reject) => waiting.set(id, { resolve, reject }));
      socket.send(JSON.stringify({ id, method, params, sessionId }));
      return answer;
    },
    listen: (sessionId, onEvent) => {
      const listener = (of: unknown, method: string, params: JsonRecord): void => {
        if (of === sessionId) onEvent(method, params);
      };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => socket.close(),
  };
}

function toObject(value: unknown): JsonRecord {
  return isJsonObject(value) ? value : {};
}
