import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signBody } from '../../src/events/events.ts';
import { explainSignature } from '../../src/events/explain-signature.ts';
import { payloads } from '../support/payloads.ts';

const key = 'MySecretEventSignatureKey';
const body = payloads.netsuiteerpv2.trimEnd();
const good = signBody(body, key);
const digest = good.slice('sha256='.length);
const compact = JSON.stringify(JSON.parse(body));

interface Row {
  readonly body?: string | Uint8Array;
  readonly header?: string;
  readonly key?: string;
  readonly problem?: string;
  readonly causes: readonly string[];
}

const rows: Readonly<Record<string, Row>> = {
  'nothing is wrong': { causes: [] },
  'headers around it': {
    header: `Content-Type: application/json\r\nElements-Webhook-Signature: ${good}\r\n`,
    causes: [],
  },
  'headers without one': { header: 'Content-Type: application/json\n', problem: 'missing', causes: [] },
  'an empty file': { header: '\n', problem: 'missing', causes: [] },
  'two of them': { header: `${good}\n${good}\n`, problem: 'repeated', causes: [] },
  'a line end at the end of the body': { body: `${body}\n`, problem: 'different', causes: ['line-end-added'] },
  'a line end of Windows there': { body: `${body}\r\n`, problem: 'different', causes: ['line-end-added'] },
  'the line end cut off': { header: signBody(`${body}\n`, key), problem: 'different', causes: ['line-end-removed'] },
  'line ends of Windows': { body: body.replaceAll('\n', '\r\n'), problem: 'different', causes: ['line-ends-changed'] },
  'a byte order mark': { body: `\ufeff${body}`, problem: 'different', causes: ['mark-added'] },
  'a parser and a writer': {
    body: compact,
    header: signBody(JSON.stringify(JSON.parse(body), undefined, 2), key),
    problem: 'different',
    causes: ['encoded-again'],
  },
  'a writer of Python': {
    body: '{"a": [1, 2], "b": {}, "c": "x, y"}',
    header: signBody('{"a":[1,2],"b":{},"c":"x, y"}', key),
    problem: 'different',
    causes: ['encoded-again'],
  },
  'and the other way round': {
    body: '{"a":[1,2],"b":{},"c":"x, y"}',
    header: signBody('{"a": [1, 2], "b": {}, "c": "x, y"}', key),
    problem: 'different',
    causes: ['encoded-again'],
  },
  'escapes taken out': {
    body: '{"a":"é\u{1f600}"}',
    header: signBody(String.raw`{"a":"\u00e9\ud83d\ude00"}`, key),
    problem: 'different',
    causes: ['encoded-again'],
  },
  'escapes put in': {
    body: String.raw`{"a":"\u00e9"}`,
    header: signBody('{"a":"é"}', key),
    problem: 'different',
    causes: ['encoded-again'],
  },
  'UTF-8 taken for Latin-1': {
    body: Buffer.from('{"a":"é"}').toString('latin1'),
    header: signBody('{"a":"é"}', key),
    problem: 'different',
    causes: ['charset-changed'],
  },
  'Latin-1 in place of UTF-8': {
    body: Buffer.from('{"a":"é"}', 'latin1'),
    header: signBody('{"a":"é"}', key),
    problem: 'different',
    causes: ['charset-changed'],
  },
  'a key with a line end': { key: `${key}\n`, problem: 'different', causes: ['key-line-end'] },
  'a key without its line end': { header: signBody(body, `${key}\n`), problem: 'different', causes: ['key-line-end'] },
  'a key with blanks': { key: ` ${key} `, problem: 'different', causes: ['key-blanks'] },
  'a key that is Base64 of the key': {
    key: Buffer.from(key).toString('base64'),
    problem: 'different',
    causes: ['key-encoded'],
  },
  'a key that is hexadecimal of the key': {
    key: Buffer.from(key).toString('hex'),
    problem: 'different',
    causes: ['key-encoded'],
  },
  'both a line end and a line end of the key': {
    body: `${body}\n`,
    key: `${key}\n`,
    problem: 'different',
    causes: ['key-line-end', 'line-end-added'],
  },
  'another key': { key: 'another', problem: 'different', causes: [] },
  'another body': { body: `${body}x`, problem: 'different', causes: [] },
  'no key': { key: '', problem: 'no-key', causes: [] },
  'the digest alone': { header: digest, problem: 'malformed', causes: ['no-prefix'] },
  'another name of the algorithm': { header: `SHA256=${digest}`, problem: 'malformed', causes: ['other-prefix'] },
  hexadecimal: {
    header: `sha256=${Buffer.from(digest, 'base64').toString('hex')}`,
    problem: 'malformed',
    causes: ['hexadecimal'],
  },
  base64url: {
    header: `sha256=${Buffer.from(digest, 'base64').toString('base64url')}`,
    problem: 'malformed',
    causes: ['base64url'],
  },
  'the old form': {
    header: `sha1=${createHmac('sha1', key).update(body).digest('base64')}`,
    problem: 'sha1',
    causes: ['sha1-matches'],
  },
  'the old form of another key': {
    header: `sha1=${createHmac('sha1', 'x').update(body).digest('base64')}`,
    problem: 'sha1',
    causes: [],
  },
  anything: { header: 'sha256=', problem: 'malformed', causes: [] },
};

describe('explainSignature', () => {
  it.each(Object.entries(rows))('of %s', (_, { causes, problem, ...given }) => {
    const claim = { body, header: good, key, ...given };
    expect(explainSignature({ ...claim, body: Buffer.from(claim.body) })).toEqual({ problem, causes });
  });
});
