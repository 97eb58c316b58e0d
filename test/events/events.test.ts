import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseNotification, signBody, type SignatureProblem, verifySignature } from '../../src/events/events.ts';
import { payloads, webhookPayload } from '../support/payloads.ts';

const key = 'a key / of + ours =';
const body = payloads.netsuiteerpv2;
const good = signBody(body, key);

function problemOf(...given: Parameters<typeof verifySignature>): SignatureProblem | 'none' {
  const check = verifySignature(...given);
  return check.ok ? 'none' : check.problem;
}

describe('verifySignature', () => {
  it.each([
    ...Object.entries(payloads),
    ['webhook', webhookPayload(20)],
    ['empty', ''],
    ['not ASCII', '{"a":"é\u{1f600}"}'],
  ])('agrees with openssl about the body %s', (_, text) => {
    const words = ['dgst', '-sha256', '-hmac', key, '-binary'];
    const digest = execFileSync('openssl', words, { input: text }).toString('base64');
    expect(signBody(text, key)).toBe(`sha256=${digest}`);
    expect(verifySignature(Buffer.from(text), `sha256=${digest}`, key)).toEqual({ ok: true });
    expect(verifySignature(text, `sha256=${digest}`, key)).toEqual({ ok: true });
  });

  it('takes either key while a key is changed', () => {
    expect(problemOf(body, good, ['old', key])).toBe('none');
    expect(problemOf(body, good, [key, 'new'])).toBe('none');
    expect(problemOf(body, good, ['old', 'new'])).toBe('different');
  });

  const digest = good.slice('sha256='.length);
  const forms: readonly [string, SignatureProblem | 'none', Parameters<typeof verifySignature>[1]][] = [
    ['the right one', 'none', good],
    ['the right one in a list', 'none', [good]],
    ['none', 'missing', undefined],
    ['an empty one', 'missing', ' '],
    ['an empty list', 'missing', []],
    ['the right one twice', 'repeated', [good, good]],
    ['two joined by Node.js', 'repeated', `${good}, ${good}`],
    ['the right one and another', 'repeated', `sha256=${'A'.repeat(43)}=, ${good}`],
    ['the old form', 'sha1', `sha1=${createHmac('sha1', key).update(body).digest('base64')}`],
    ['the right one named sha1', 'sha1', `SHA1=${digest}`],
    ['the digest alone', 'malformed', digest],
    ['hexadecimal', 'malformed', `sha256=${Buffer.from(digest, 'base64').toString('hex')}`],
    ['base64url', 'malformed', `sha256=${Buffer.alloc(32, 0xff).toString('base64url')}`],
    ['without padding', 'malformed', good.slice(0, -1)],
    ['with more behind it', 'malformed', `${good}x`],
    ['longer than any', 'malformed', `sha256=${'A'.repeat(1_000_000)}`],
    // Base64 of the same 32 bytes, but for bits that no byte holds: what is decoded is equal, and still it is not what was sent.
    ['with spare bits', 'malformed', `sha256=${'A'.repeat(42)}B=`],
    ['another digest', 'different', `sha256=${'A'.repeat(43)}=`],
  ];
  it.each(forms)('of %s says: %s', (_, problem, header) => {
    expect(problemOf(body, header, key)).toBe(problem);
  });

  it.each([
    ['a line end added', `${body}\n`],
    ['one byte changed', body.replace('Open', 'open')],
    ['written again by a JSON parser', JSON.stringify(JSON.parse(body))],
    ['nothing', ''],
  ])('refuses a body with %s', (_, changed) => {
    expect(problemOf(changed, good, key)).toBe('different');
  });

  it.each([
    ['no key', undefined],
    ['an empty key', ''],
    ['no keys', []],
    ['only empty keys', ['', '']],
  ])('takes no signature with %s, not even one that was made with it', (_, none) => {
    const forged = `sha256=${createHmac('sha256', '').update(body).digest('base64')}`;
    expect(problemOf(body, forged, none)).toBe('no-key');
    expect(() => signBody(body, '')).toThrow(RangeError);
  });

  it.each([[{}], [null], [undefined], [[1]], [7]])('refuses what is no raw body: %j', (parsed) => {
    const given: unknown = Reflect.apply(verifySignature, undefined, [parsed, good, key]);
    expect(given).toMatchObject({ ok: false, problem: 'not-raw' });
  });
});

describe('parseNotification', () => {
  it('reads one by polling', () => {
    const expected = {
      kind: 'polling',
      eventId: 'AWVexample-erp-0001',
      instanceId: '4001001',
      instanceName: 'Finance ERP',
      instanceTags: ['finance'],
      connector: 'netsuiteerpv2',
      topic: 'instance-4001001-netsuiteerpv2-events',
      createdDate: 'Mon Aug 20 15:30:07 UTC 2018',
      events: [
        {
          type: 'CREATED',
          objectType: 'invoices',
          objectId: '14682',
          date: '2018-08-20T15:29:06Z',
          pollDate: '2018-08-20T15:29:34Z',
          connector: 'netsuiteerpv2',
        },
      ],
    };
    expect(parseNotification(payloads.netsuiteerpv2)).toMatchObject({ ok: true, notification: expected });
    expect(parseNotification(Buffer.from(payloads.netsuiteerpv2))).toMatchObject({ notification: expected });
    expect(parseNotification(JSON.parse(payloads.netsuiteerpv2))).toMatchObject({ notification: expected });
    expect(parseNotification(payloads.quickbooks)).toMatchObject({
      notification: { instanceTags: ['Billing', 'connectorctl/acme/production'], events: [{ objectId: '2|0' }] },
    });
  });

  it.each([1, 20])('reads one by webhook with %d events', (count) => {
    const parsed = parseNotification(webhookPayload(count));
    if (!parsed.ok) throw new Error(parsed.message);
    const { kind, events, raw } = parsed.notification;
    expect(kind).toBe('webhook');
    expect(raw).toMatchObject({ Account: { Subdomain: 'acme' } });
    expect(events).toHaveLength(count);
    expect(events[count - 1]).toMatchObject({ objectId: `fi${count - 1}`, pollDate: undefined });
    const types = ['CREATED', 'UPDATED', 'DELETED'];
    expect(events.map(({ type }) => type)).toEqual(events.map((_, index) => types[index % 3]));
  });

  it('calls what it does not know what the platform calls it', () => {
    const text = payloads.quickbooks.replaceAll('"CREATED"', '"MERGED"');
    expect(parseNotification(text)).toMatchObject({ notification: { events: [{ type: 'UNKNOWN' }] } });
  });

  it.each([
    ['not-json', ''],
    ['not-json', '{"message": '],
    ['not-json', Buffer.from([0x7b, 0xff, 0x7d])],
    ['not-a-notification', 'null'],
    ['not-a-notification', '[]'],
    ['not-a-notification', '{"message":{"events":{}}}'],
    ['not-a-notification', '{"message":{"events":[]}}'],
    ['not-a-notification', '{"__proto__":{"message":{"events":[],"instanceId":1}}}'],
    ['not-a-notification', undefined],
    [
      'not-a-notification',
      new Proxy(
        {},
        {
          getOwnPropertyDescriptor: () => {
            throw new Error('no');
          },
        },
      ),
    ],
  ])('says %s of %j', (problem, text) => {
    expect(parseNotification(text)).toMatchObject({ ok: false, problem });
  });
});
