import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { signBody } from '../../src/events/events.ts';
import { mostBytes } from '../../src/events/receiver.ts';
import { Secret } from '../../src/model/secret.ts';
import { openReceiver, signingKey } from '../support/notify.ts';
import { payloads, webhookPayload } from '../support/payloads.ts';

const body = payloads.netsuiteerpv2;
const good = signBody(body, signingKey);

describe('the receiver', () => {
  it('takes what is rightly signed, tells a repetition, and is not confused by what comes between', async () => {
    const { post, received } = await openReceiver();
    expect([await post(body), await post(webhookPayload(20)), await post('{}', good), await post(body)]).toEqual([
      204, 204, 401, 204,
    ]);
    expect(
      received.map(({ problem, isRepeated, notification }) => [problem, isRepeated, notification?.instanceId]),
    ).toEqual([
      [undefined, false, '4001001'],
      [undefined, false, '4001003'],
      ['different', false, undefined],
      [undefined, true, '4001001'],
    ]);
  });

  it.each([
    ['no signature', 'missing', null],
    ['an old signature', 'sha1', good.replace('sha256', 'sha1')],
    ['another form', 'malformed', good.slice(0, -1)],
    ['another key', 'different', signBody(body, 'another')],
  ])('answers %s with 401 and says: %s', async (_, problem, signature) => {
    const { post, received } = await openReceiver();
    expect(await post(body, signature)).toBe(401);
    expect(received).toMatchObject([{ status: 401, problem, notification: { instanceName: 'Finance ERP' } }]);
  });

  it('answers two signatures with 401, however they are written', async () => {
    const { write, received } = await openReceiver();
    const head = `POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}`;
    const header = `elements-webhook-signature: ${good}`;
    expect(await write(`${head}\r\n${header}\r\n${header}\r\n\r\n${body}`)).toMatch(/^HTTP\/1.1 401 /);
    expect(await write(`${head}\r\n${header}, ${good}\r\n\r\n${body}`)).toMatch(/^HTTP\/1.1 401 /);
    expect(await write(`${head}\r\n${header}\r\n\r\n${body}`)).toMatch(/^HTTP\/1.1 204 /);
    expect(received.map(({ problem }) => problem)).toEqual(['repeated', 'repeated', undefined]);
  });

  it('asks for the keys of what a notification claims to be, and takes no other', async () => {
    const { post, received } = await openReceiver({
      keysFor: (claimed) => [new Secret(claimed?.instanceId === '4001001' ? 'its own' : signingKey, 'a key')],
    });
    expect([await post(body), await post(body, signBody(body, 'its own')), await post(payloads.quickbooks)]).toEqual([
      401, 204, 204,
    ]);
    expect(received.map(({ problem }) => problem)).toEqual(['different', undefined, undefined]);
  });

  it('refuses what is rightly signed and no notification', async () => {
    const { post, received } = await openReceiver();
    expect([await post('{}'), await post('no JSON'), await post('')]).toEqual([400, 400, 400]);
    expect(received.map(({ problem }) => problem)).toEqual(['not-a-notification', 'not-json', 'not-json']);
  });

  it('lets others look whether it is there, and takes nothing but a POST', async () => {
    const { url, received } = await openReceiver();
    const methods = ['GET', 'HEAD', 'PUT', 'DELETE'];
    const answers = await Promise.all(methods.map((method) => fetch(url, { method })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 405, 405]);
    expect(received.every(({ problem }) => problem === 'method')).toBe(true);
  });

  it('stops reading a body that is too large, before it has all of it, and goes on with others', async () => {
    const { post, write, received } = await openReceiver();
    const large = `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${10 * mostBytes}\r\n\r\n`;
    expect(await write(large + 'x'.repeat(mostBytes + 1))).toMatch(/^HTTP\/1.1 413 /);
    expect(await post(body)).toBe(204);
    expect(received.map(({ problem }) => problem)).toEqual(['too-large', undefined]);
  });

  it('cuts off whoever sends slowly', async () => {
    const waits: number[] = [];
    const { write, received } = await openReceiver({ sleep: async (milliseconds) => void waits.push(milliseconds) });
    expect(await write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{"a"')).toMatch(/^HTTP\/1.1 408 /);
    expect(received).toMatchObject([{ problem: 'too-slow', status: 408 }]);
    expect(waits).toEqual([10_000]);
  });

  it('says of what is no HTTP that it is none', async () => {
    const { write, received } = await openReceiver();
    expect(await write('no HTTP at all\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    expect(received).toMatchObject([{ problem: 'broken' }]);
  });

  it('forwards what is right, byte for byte with its headers, and passes the answer back', async () => {
    const arrived: { readonly headers: object; readonly body: string }[] = [];
    let status = 202;
    const target = await startTarget((request) => {
      arrived.push(request);
      return status;
    });
    const { post, received } = await openReceiver({ forwardTo: target });
    expect(await post(body)).toBe(202);
    status = 500;
    expect(await post(webhookPayload(1))).toBe(500);
    expect(await post(body, null)).toBe(401);
    expect(arrived.map((one) => one.body)).toEqual([body, webhookPayload(1)]);
    expect(arrived[0]?.headers).toMatchObject({ 'elements-webhook-signature': good, host: target.host });
    expect(received.map(({ forwarded }) => forwarded)).toEqual([{ status: 202 }, { status: 500 }, undefined]);
  });

  it('answers 502 where nobody takes what it forwards', async () => {
    const { post, received } = await openReceiver({ forwardTo: new URL('http://127.0.0.1:1/') });
    expect(await post(body)).toBe(502);
    expect(received).toMatchObject([{ status: 502, forwarded: { error: expect.stringContaining('ECONNREFUSED') } }]);
  });

  it('loses none of three hundred that come at once', async () => {
    const { post, received } = await openReceiver();
    const bodies = Array.from({ length: 300 }, (_, index) => body.replace('AWVexample-erp-0001', `event-${index}`));
    const statuses = await Promise.all(bodies.map((one) => post(one)));
    expect(statuses.filter((one) => one !== 204)).toEqual([]);
    expect(new Set(received.map(({ notification }) => notification?.eventId)).size).toBe(300);
  });
});

async function startTarget(
  answer: (request: { readonly headers: object; readonly body: string }) => number,
): Promise<URL> {
  const server = createServer((request, response) => {
    void text(request).then((read) => response.writeHead(answer({ headers: request.headers, body: read })).end());
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/in?a=b`);
}
