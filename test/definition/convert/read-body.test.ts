import { describe, expect, it } from 'vitest';
import { readBody } from '../../../src/definition/convert/read-body.ts';
import type { JsonObject } from '../../../src/model/json.ts';

const poller = {
  files: { url: "/hubs/documents/files?where=changed>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'", idField: 'id' },
};
const body = {
  element: { key: 'sharefile' },
  name: "Tom's files",
  configuration: { subdomain: 'acme', 'event.poller.configuration': poller },
};
const json = JSON.stringify(body, null, 2);
const url = 'https://api.example.com/elements/api-v2/instances';
const quoted = `'${json.replaceAll("'", String.raw`'\''`)}'`;

function read(text: string): JsonObject {
  const result = readBody('body.txt', text);
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value;
}

function problems(text: string) {
  return readBody('body.txt', text).diagnostics.map(({ code, severity, at }) => [severity, code, at?.line, at?.column]);
}

describe('readBody: JSON', () => {
  it.each([
    ['as it is', json],
    ['with a byte order mark', `\ufeff${json}`],
    ['with Windows line ends', json.replaceAll('\n', '\r\n')],
    ['with the end of a shell line', `${json}'; \n`],
    ['with a pipe behind it', `${json}' | jq .id`],
    ['still in the quotes of a shell', `${quoted};`],
  ])('reads a body %s', (_, text) => {
    expect(read(text)).toEqual(body);
  });

  it('keeps a key called __proto__ and numbers that a double cannot hold', () => {
    const value = read('{"configuration": {"__proto__": "x", "id": 12345678901234567890, "v": 2.0, "n": 15}}');
    expect(Object.entries(value['configuration'] ?? {})).toEqual([
      ['__proto__', 'x'],
      ['id', '12345678901234567890'],
      ['v', '2.0'],
      ['n', 15],
    ]);
  });

  it('puts up with the odd blank that pages put between words, and keeps those of a text', () => {
    expect(read('{\u00a0"name":\u00a0"a\u00a0b"\u00a0}\u00a0')).toEqual({ name: 'a\u00a0b' });
  });

  it('names the place in millions of brackets and of loose words, at the pace of the parser', () => {
    expect(problems('['.repeat(2_000_000))).toEqual([['error', 'invalid-json', 1, 101]]);
    expect(problems(`[${'x,'.repeat(200_000)}`)).toEqual([['error', 'invalid-json', 1, 2]]);
  });

  it('puts up with a comma too many, and says where it stood', () => {
    expect(read('{"name": "a",\n "tags": ["b",],\n}')).toEqual({ name: 'a', tags: ['b'] });
    expect(problems('{"name": "a",\n "tags": ["b",],\n}')).toEqual([
      ['warning', 'trailing-comma', 2, 14],
      ['warning', 'trailing-comma', 2, 16],
    ]);
  });

  it('reports a key that stands twice', () => {
    expect(problems('{"name": "a",\n  "name": "b"}')).toEqual([['warning', 'duplicate-key', 2, 3]]);
  });

  it.each([
    ['nothing', ' \n', 'empty-body', 1, 1],
    ['a missing comma', '{"a": 1\n "b": 2}', 'invalid-json', 2, 2],
    ['a missing colon', '{"a" 1}', 'invalid-json', 1, 6],
    ['a key without quotes', '{a: 1}', 'invalid-json', 1, 2],
    ['a string without an end', '{"a": "b}', 'invalid-json', 1, 7],
    ['a line break in a string', '{"a": "b\nc"}', 'invalid-json', 1, 9],
    ['a bad escape', String.raw`{"a": "b\q"}`, 'invalid-json', 1, 9],
    ['an end too early', '{"a": [1, 2', 'invalid-json', 1, 12],
    ['nesting without end', '['.repeat(5000), 'invalid-json', 1, 101],
    ['several bodies', '[{"name": "a"}, {"name": "b"}]', 'several-bodies', 1, 1],
    ['a single value', '"sharefile"', 'not-an-object', 1, 1],
    ['a second body', '{"name": "a"}\n{"name": "b"}', 'text-after-body', 2, 1],
  ])('refuses %s with its place', (_, text, code, line, column) => {
    expect(readBody('body.txt', text).ok).toBe(false);
    expect(problems(text)).toEqual([['error', code, line, column]]);
  });
});

describe('readBody: a cURL command', () => {
  it.each([
    ['single quotes', `curl -X POST '${url}' -H 'Authorization: User u, Organization o' -d ${quoted}`],
    [
      'lines that end in backslashes',
      `curl -X POST \\\n  ${url} \\\r\n  -H "content-type: application/json" \\\n  -d ${quoted}`,
    ],
    ['a prompt in front', `$ curl ${url} --data-raw ${quoted}`],
    ['--json', `curl --json ${quoted} ${url}`],
    ['--data-binary and =no space= options', `curl -sSXPOST --compressed ${url} --data-binary ${quoted}`],
    ['the value joined to the option', `curl -sd${quoted} ${url}`],
    ['double quotes', `curl "${url}" -d "${JSON.stringify(body).replaceAll(/["\\$`]/g, String.raw`\$&`)}"`],
    [
      'ANSI quotes',
      `curl ${url} -d $'${json
        .replaceAll('\\', '\\\\')
        .replaceAll("'", String.raw`\'`)
        .replaceAll('\n', String.raw`\n`)}'`,
    ],
    ['a pipe behind it', `curl -d ${quoted} ${url} | jq '.id'`],
    ['a lost backslash', `curl -X POST ${url}\n -d ${quoted}`],
  ])('reads %s', (_, text) => {
    expect(read(text)).toEqual(body);
    expect(problems(text)).toEqual([]);
  });

  it('takes the escapes of a shell away as the shell does', () => {
    expect(read(String.raw`curl ${url} -d $'{"name": "\x41\u00e9\'\101"'\}`)).toEqual({ name: "Aé'A" });
    expect(read(String.raw`curl ${url} -d {\"name\":\"a\ b\"} # a comment '`)).toEqual({ name: 'a b' });
  });

  it('reads what a browser copies for the Windows command line', () => {
    const carets = JSON.stringify({ ...body, configuration: {} })
      .replaceAll('"', '^\\^"')
      .replaceAll(/[{}]/g, '^$&');
    const text = `curl ^"${url}^" ^\r\n  -H ^"accept: application/json^" ^\r\n  --data-raw ^"${carets}^"`;
    expect(read(text)).toEqual({ ...body, configuration: {} });
  });

  it('reads Windows quotes with carets only at the line ends', () => {
    expect(read(`curl -X POST "${url}" ^\n -d "{\\"name\\": \\"it's\\"}"`)).toEqual({ name: "it's" });
  });

  it('takes quotes that nobody escaped as they are written, and says so', () => {
    const text = `curl -X POST \\\n  ${url} \\\n  -H 'authorization: User u, Organization o' \\\n  -d '${json}'`;
    expect(read(text)).toEqual(body);
    expect(problems(text)).toEqual([['warning', 'unescaped-quotes', 4, 6]]);
  });

  it('gives the place of a JSON fault in the command', () => {
    expect(problems(`curl ${url} \\\n  -d '{"name": "a",\n "tags": oops}'`)).toEqual([
      ['error', 'invalid-json', 3, 10],
    ]);
    expect(problems(`curl ${url} \\\n  -d '{"name": "it'\\''s" "tags": 1}'`)).toEqual([
      ['error', 'invalid-json', 2, 26],
    ]);
  });

  it('keeps a shell variable as it is written, and says so', () => {
    const text = `curl ${url} -d "{\\"name\\": \\"$NAME\\"}"`;
    expect(read(text)).toEqual({ name: '$NAME' });
    expect(problems(text)).toEqual([['warning', 'shell-variable', 1, 59]]);
  });

  it('takes the connector from the address when the body has none', () => {
    const address = 'https://api.example.com/elements/api-v2/elements/box/instances?x=1';
    expect(read(`curl ${address} -d '{"name": "a"}'`)).toEqual({ element: { key: 'box' }, name: 'a' });
    expect(read(`curl ${address} -d ${quoted}`)['element']).toEqual({ key: 'sharefile' });
    expect(read(`curl ${url} -d '{"name": "a"}'`)).toEqual({ name: 'a' });
  });

  it('warns when the command changes an instance instead of making one', () => {
    expect(problems(`curl -X PATCH ${url}/5 -d '{"name": "a"}'`)).toEqual([['warning', 'not-a-create', 1, 1]]);
  });

  it.each([
    ['no data', `curl ${url}`, 'no-body'],
    ['a form', `curl ${url} -F name=a`, 'no-body'],
    ['data in a file', `curl ${url} -d @body.json`, 'body-in-file'],
    ['data on standard input', `curl ${url} --json @-`, 'body-in-file'],
    ['two commands', `curl ${url} -d '{}'\ncurl ${url} -d '{}'`, 'several-bodies'],
    ['a quote without an end', `curl ${url} -d '{"name": "a"`, 'unclosed-quote'],
    ['two pieces that make no JSON', `curl ${url} -d '{"a":1}' -d '{"b":2}'`, 'text-after-body'],
  ])('refuses %s', (_, text, code) => {
    expect(problems(text).map((problem) => problem.slice(0, 2))).toEqual([['error', code]]);
  });

  it('says which file to give instead', () => {
    expect(readBody('body.txt', `curl ${url} -d @body.json`).diagnostics[0]?.hint).toContain(
      'connectorctl convert body.json',
    );
  });

  it('never shows or keeps the credentials of the command', () => {
    const head =
      "curl -u tom:hunter2 https://jim:hunter2@api.example.com -H 'Authorization: User hunter2, Organization hunter2'";
    for (const tail of [
      `-d '{"name": "a",}'`,
      `-d '{'`,
      '-d @body.json',
      '-F a=b',
      `-d '{"a": "`,
      '-X hunter2 -d "{}"',
    ]) {
      expect(JSON.stringify(readBody('body.txt', `${head} ${tail}`))).not.toMatch(/hunter2/i);
    }
  });
});

describe('readBody: what the platform answered', () => {
  const answer = {
    id: 1234,
    name: 'Files',
    token: 'vF0secret',
    createdDate: '2019-01-01T00:00:00Z',
    element: { id: 450, key: 'sharefile', name: 'ShareFile', hub: 'documents', parameters: [] },
    provisionInteractions: [],
    valid: true,
    disabled: true,
    cachingEnabled: false,
    externalAuthentication: 'none',
    user: { id: 7 },
    tags: ['Docs'],
    configuration: {
      subdomain: 'acme',
      password: '********',
      'oauth.user.token': 'abc',
      'oauth.user.refresh_time': '1461625686998',
      'event.notification.subscription.id': '9',
      'acme.hooks.id': '8',
      'pagination.type': '',
      'event.poller.configuration': '{ }',
      'event.notification.callback.url': null,
      'event.notification.enabled': 'false',
    },
  };

  it('keeps only what belongs to a definition', () => {
    expect(read(JSON.stringify(answer))).toEqual({
      element: { id: 450, key: 'sharefile' },
      name: 'Files',
      tags: ['Docs'],
      enabled: false,
      configuration: { subdomain: 'acme', password: '********', 'event.notification.enabled': 'false' },
    });
  });

  it('never keeps the token of the instance', () => {
    expect(JSON.stringify(readBody('answer.json', JSON.stringify(answer)))).not.toContain('vF0secret');
  });
});
