import type { ServerResponse } from 'node:http';

import type { Answer } from './exchange.ts';

/** How an answer reaches the client, if it does. */
export type Delivery =
  | { readonly kind: 'whole'; readonly answer: Answer }
  /** The connection ends in the middle of the body, or the body ends there as if it were whole. */
  | { readonly kind: 'half'; readonly answer: Answer; readonly form: 'content-length' | 'chunked' }
  /** A 200 that the platform did not write. */
  | { readonly kind: 'text'; readonly type: string; readonly text: string }
  | { readonly kind: 'reset' }
  /** Nothing, on a connection that stays open. */
  | { readonly kind: 'silence' };

export function whole(answer: Answer): Delivery {
  return { kind: 'whole', answer };
}

/** Hands an answer over to the network. */
export function deliver(outgoing: ServerResponse, delivery: Delivery, requestId: string): void {
  switch (delivery.kind) {
    case 'whole': {
      const { text, headers } = write(delivery.answer, requestId);
      outgoing.writeHead(delivery.answer.status, { 'content-length': Buffer.byteLength(text), ...headers });
      outgoing.end(text);
      return;
    }
    case 'half':
      sendHalf(outgoing, delivery, requestId);
      return;
    case 'text':
      outgoing.writeHead(200, {
        'content-type': delivery.type,
        'content-length': Buffer.byteLength(delivery.text),
      });
      outgoing.end(delivery.text);
      return;
    case 'reset':
      outgoing.socket?.resetAndDestroy();
      return;
    case 'silence':
      return;
    default:
      delivery satisfies never;
  }
}

function write(answer: Answer, requestId: string): { readonly text: string; readonly headers: Record<string, string> } {
  const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
  return {
    text,
    headers: {
      ...(text === '' ? {} : { 'content-type': 'application/json;charset=UTF-8' }),
      'elements-request-id': requestId,
      ...answer.headers,
    },
  };
}

function sendHalf(
  outgoing: ServerResponse,
  { answer, form }: Extract<Delivery, { kind: 'half' }>,
  requestId: string,
): void {
  const { text, headers } = write(answer, requestId);
  const body = Buffer.from(text);
  if (body.length === 0) {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const half = body.subarray(0, Math.ceil(body.length / 2));
  if (form === 'chunked') {
    outgoing.writeHead(answer.status, { ...headers, 'transfer-encoding': 'chunked' });
    outgoing.end(half);
    return;
  }
  outgoing.writeHead(answer.status, { ...headers, 'content-length': body.length });
  outgoing.write(half, () => outgoing.socket?.destroy());
}
