import type { ServerResponse } from 'node:http';
import type { Page } from './html-page.ts';
import type { SandboxResponse } from './route.ts';

/** What the client gets of a response. */
export type Delivery =
  | { readonly kind: 'whole'; readonly response: SandboxResponse }
  /** The connection ends in the middle of the body, or the body ends there as if it were whole. */
  | { readonly kind: 'half'; readonly response: SandboxResponse; readonly form: 'content-length' | 'chunked' }
  /** A 200 that did not come from the platform. */
  | { readonly kind: 'text'; readonly type: string; readonly text: string }
  /** For a person's browser. */
  | { readonly kind: 'page'; readonly page: Page }
  /** Bytes that are no HTTP; then the connection ends. */
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'reset' }
  /** Nothing, on a connection that stays open. */
  | { readonly kind: 'silence' };

export function whole(response: SandboxResponse): Delivery {
  return { kind: 'whole', response };
}

/** Hands a response over to the network. */
export function deliver(outgoing: ServerResponse, delivery: Delivery, requestId: string): void {
  switch (delivery.kind) {
    case 'whole': {
      const { text, headers } = encodeResponse(delivery.response, requestId);
      outgoing.writeHead(delivery.response.status, { 'content-length': Buffer.byteLength(text), ...headers });
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
    case 'page': {
      const { status, headers, html } = delivery.page;
      outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(html) });
      outgoing.end(html);
      return;
    }
    case 'raw':
      outgoing.socket?.end(delivery.text);
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

function encodeResponse(
  response: SandboxResponse,
  requestId: string,
): { readonly text: string; readonly headers: Record<string, string> } {
  const text = response.body === undefined ? '' : JSON.stringify(response.body);
  return {
    text,
    headers: {
      ...(text === '' ? {} : { 'content-type': 'application/json;charset=UTF-8' }),
      'elements-request-id': requestId,
      ...response.headers,
    },
  };
}

function sendHalf(
  outgoing: ServerResponse,
  { response, form }: Extract<Delivery, { kind: 'half' }>,
  requestId: string,
): void {
  const { text, headers } = encodeResponse(response, requestId);
  const body = Buffer.from(text);
  if (body.length === 0) {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const half = body.subarray(0, Math.ceil(body.length / 2));
  if (form === 'chunked') {
    outgoing.writeHead(response.status, { ...headers, 'transfer-encoding': 'chunked' });
    outgoing.end(half);
    return;
  }
  outgoing.writeHead(response.status, { ...headers, 'content-length': body.length });
  outgoing.write(half, () => outgoing.socket?.destroy());
}
