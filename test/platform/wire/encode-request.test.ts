import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { DesiredValue } from '../../../src/model/desired.ts';
import { Secret } from '../../../src/model/secret.ts';
import { encodeCreate, encodeReauthorize, encodeUpdate } from '../../../src/platform/wire/encode-request.ts';

function configure(values: Readonly<Record<string, DesiredValue>>): unknown {
  return encodeUpdate({ configuration: new Map(Object.entries(values)) })['configuration'];
}

const empty = { connector: 'sharefile', name: 'Docs', tags: [], configuration: new Map(), providerData: new Map() };

describe('encodeCreate', () => {
  it('writes the body of a create', () => {
    const body = encodeCreate({
      connector: 'sharefile',
      name: 'Docs',
      tags: ['a', 'b'],
      configuration: new Map<string, DesiredValue>([['oauth.api.secret', new Secret('s3cret', 'secrets.X')]]),
      providerData: new Map<string, string | Secret>([
        ['code', new Secret('c0de', 'secrets.CODE')],
        ['state', 'sharefile'],
      ]),
      externalAuthentication: 'initial',
    });
    expect(JSON.parse(JSON.stringify(body))).toEqual({
      element: { key: 'sharefile' },
      name: 'Docs',
      tags: ['a', 'b'],
      configuration: { 'oauth.api.secret': 's3cret' },
      providerData: { code: 'c0de', state: 'sharefile' },
      externalAuthentication: 'initial',
    });
  });

  it('leaves out what there is none of', () => {
    expect(Object.keys(encodeCreate(empty))).toEqual(['element', 'name', 'tags', 'configuration']);
  });
});

describe('the last look at tags before they go out', () => {
  const ours = ['connectorctl/acme/test', 'connectorctl/acme/test/crm'];
  const forged = [
    '<i></i>connectorctl/team-b/test/crm',
    '<i></i>connectorctl-applied/2/1.1/AAAA',
    '\u200bconnectorctl/team-b/test',
    ' connectorctl/team-b/test',
    '<<i>i>connectorctl/team-b/test',
  ];

  it.each(forged)('refuses a forged one, wherever it came from: %j', (tag) => {
    expect(() => encodeCreate({ ...empty, tags: [...ours, tag] })).toThrow('could be taken for one of connectorctl');
    expect(() => encodeUpdate({ tags: [...ours, tag] })).toThrow('could be taken for one of connectorctl');
    const again = { connector: 'sharefile', name: 'Docs', tags: [...ours, tag], providerData: new Map() };
    expect(() => encodeReauthorize(again)).toThrow('could be taken for one of connectorctl');
  });

  it.each([
    ['two owners', [...ours, 'connectorctl/team-b/test'], 'contradict each other'],
    ['a key alone', ['connectorctl/acme/test/crm'], 'contradict each other'],
    ['a memory that is none', [...ours, 'connectorctl-applied/2/1.1/'], 'are damaged'],
  ])('refuses %s', (_what, tags, words) => {
    expect(() => encodeCreate({ ...empty, tags })).toThrow(words);
    expect(() => encodeUpdate({ tags })).toThrow(words);
  });

  it('lets ours pass, and what a person made of them on the platform only where it stands already', () => {
    expect(encodeCreate({ ...empty, tags: ours })['tags']).toEqual(ours);
    expect(encodeUpdate({ tags: [...ours, 'Connectorctl'] })['tags']).toEqual([...ours, 'Connectorctl']);
    expect(() => encodeCreate({ ...empty, tags: [...ours, 'Connectorctl'] })).toThrow('could be taken for');
  });
});

describe('encodeUpdate', () => {
  it('writes only what changes', () => {
    expect(JSON.stringify(encodeUpdate({}))).toBe('{}');
    expect(JSON.stringify(encodeUpdate({ name: 'New' }))).toBe('{"name":"New"}');
    expect(JSON.stringify(encodeUpdate({ tags: [] }))).toBe('{"tags":[]}');
  });

  it('writes values as the platform documents them: text, boolean, and one object', () => {
    const poller = { documents: { url: "/x?where=a='${gmtDate:yyyy}'" } };
    expect(
      configure({
        a: 'x',
        b: false,
        c: 15,
        d: null,
        'event.poller.configuration': poller,
        'bulk.relations': { x: [1] },
      }),
    ).toEqual({
      a: 'x',
      b: false,
      c: '15',
      d: null,
      'event.poller.configuration': poller,
      'bulk.relations': '{"x":[1]}',
    });
  });

  it('writes keys with a special meaning in JavaScript as any other', () => {
    const configuration = new Map<string, DesiredValue>([['__proto__', 'x']]);
    expect(JSON.stringify(encodeUpdate({ configuration }))).toBe('{"configuration":{"__proto__":"x"}}');
  });

  it('writes any text as it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (text, secret) => {
        fc.pre(text !== '********' && !text.includes('${{'));
        expect(configure({ a: secret ? new Secret(text, 'x') : text })).toEqual({ a: text });
      }),
    );
  });
});

describe('what must never be sent', () => {
  it.each<[string, () => unknown]>([
    ['a mask', () => configure({ password: '********' })],
    ['a mask with text around it', () => configure({ password: 'Bearer ********' })],
    ['a mask inside an object', () => configure({ headers: { Authorization: '********' } })],
    ['a Secret that is a mask', () => configure({ password: new Secret('********', 'secrets.P') })],
    ['an unresolved reference', () => configure({ password: '${{ secrets.P }}' })],
    ['a reference inside other text', () => configure({ url: 'https://${{vars.host}}/x' })],
    [
      'a reference inside an object',
      () => configure({ 'event.poller.configuration': { a: { url: '${{ vars.x }}' } } }),
    ],
    ['a reference in the name', () => encodeUpdate({ name: '${{ vars.x }}' })],
    ['a reference in a tag', () => encodeUpdate({ tags: ['${{ vars.x }}'] })],
    ['a masked name', () => encodeCreate({ ...empty, name: '********' })],
    ['a mask in providerData', () => encodeCreate({ ...empty, providerData: new Map([['code', '********']]) })],
  ])('is %s', (_what, encode) => {
    expect(encode).toThrow('so nothing was sent');
  });

  it('is no tag that the instance had before, as it is what somebody wrote', () => {
    const tags = ['${{ vars.x }}', '********', 'new'];
    expect(encodeUpdate({ tags, carriedTags: ['********', '${{ vars.x }}'] })).toEqual({ tags });
    expect(() => encodeUpdate({ tags, carriedTags: ['${{ vars.x }}'] })).toThrow('tags is the mask');
  });

  it('is named without its value, and a secret may hold what looks like a reference', () => {
    const mask = new Secret('********', 'secrets.P');
    expect(() => configure({ password: mask })).toThrow('configuration.password is the mask');
    expect(() => configure({ password: new Secret('abc ${{ x', 'secrets.P') })).not.toThrow();
  });
});
