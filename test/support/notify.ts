import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Receiver, type ReceiverOptions, type ReceivedRequest, startReceiver } from '../../src/events/receiver.ts';
import { signBody } from '../../src/events/events.ts';
import { Secret } from '../../src/model/secret.ts';

export const signingKey = 'a signing / key + 1';

export interface TestReceiver extends Receiver {
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
  /** Posts a body, signed with the key unless a signature is given; null: without one. Answers the status. */
  readonly post: (body: string | Uint8Array, signature?: string | null) => Promise<number>;
  /** Writes text to a connection of its own and answers all that comes back, until the other side ends it. */
  readonly write: (text: string) => Promise<string>;
}

/** A receiver that ends with the test, and whose patience does not end unless a test says so. */
export async function openReceiver(options: Partial<ReceiverOptions> = {}): Promise<TestReceiver> {
  const received: ReceivedRequest[] = [];
  const receiver = await startReceiver({
    port: 0,
    keysFor: () => [new Secret(signingKey, 'a key')],
    onReceived: (one) => void received.push(one),
    date: () => new Date(0),
    sleep: () => new Promise(() => {}),
    ...options,
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  onTestFinished(async () => {
    agent.destroy();
    await receiver.close();
  });
  const url = `http://127.0.0.1:${receiver.port}/events`;
  return {
    ...receiver,
    url,
    received,
    post: (body, signature = signBody(body, signingKey)) =>
      new Promise((resolve, reject) => {
        const headers = signature === null ? {} : { 'Elements-Webhook-Signature': signature };
        const outgoing = request(url, { method: 'POST', agent, headers });
        outgoing.on('response', (response) => {
          response.resume().on('end', () => resolve(response.statusCode ?? 0));
        });
        outgoing.on('error', reject).end(body);
      }),
    write: (text) =>
      new Promise((resolve) => {
        let answer = '';
        const socket = connect(receiver.port, '127.0.0.1', () => void socket.write(text));
        socket.on('data', (chunk) => (answer += chunk.toString()));
        socket.on('close', () => resolve(answer));
        socket.on('error', () => resolve(answer));
      }),
  };
}
