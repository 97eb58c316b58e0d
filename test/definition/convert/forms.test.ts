import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { convert } from '../../../src/operation/convert.ts';
import { renderDiagnosticsText } from '../../../src/report/diagnostics/render-text.ts';
import { hideValues } from '../../../src/report/diagnostics/hide-values.ts';
import { builtIn, checkText, toLine } from '../../validation/check-text.ts';

const url = 'https://api.openconnectors.eu10.ext.hana.ondemand.com/elements/api-v2';
const header = 'Authorization: User s3cretUserA==, Organization 0rgS3cret';
const body = {
  element: { key: 'sharefile' },
  name: "Tom's files",
  tags: ['Docs'],
  configuration: {
    'oauth.api.key': 's3cretKey1',
    'oauth.api.secret': 's3cretKey2',
    'document.root.folder.name': '/top',
    'sharefile.subdomain': 'acme',
    'event.notification.enabled': true,
    'event.vendor.type': 'polling',
    'event.notification.callback.url': 'https://hooks.example.com/events',
    'event.poller.configuration': {
      documents: { url: "/hubs/documents?where=date='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'", idField: 'Id' },
    },
  },
  providerData: { code: 's3cretCode' },
};
const json = JSON.stringify(body, null, 2);
const shell = `'${json.replaceAll("'", String.raw`'\''`)}'`;

interface Ending {
  readonly definitions: readonly Readonly<Record<string, unknown>>[];
  readonly yaml: string;
  readonly codes: readonly string[];
  /** All that is printed. */
  readonly text: string;
}

/** Converts in a folder without a workspace, and checks what every conversion promises. */
async function run(text: string): Promise<Ending> {
  const result = await convert([{ from: 'page.txt', text }], { cwd: import.meta.dirname });
  if (result.kind !== 'converted') throw new Error(result.kind);
  const yaml = result.definitions.map((one) => one.yaml).join('---\n');
  const told = renderDiagnosticsText(result.diagnostics, {
    sourceOf: () => hideValues(text),
    color: false,
    width: 100,
  });
  expect(`${yaml}\n${told}`).not.toMatch(/s3cret/i);
  expect(result.diagnostics.every(({ at }) => at !== undefined)).toBe(true);
  for (const one of result.definitions) {
    const found = checkText(one.yaml.replaceAll(/\$\{\{ vars\.\w+ \}\}/g, 'acme'), { catalogue: builtIn });
    expect(found.filter(({ severity }) => severity === 'error').map(toLine)).toEqual([]);
  }
  const definitions = result.definitions.map((one): Record<string, unknown> => parse(one.yaml));
  return { definitions, yaml, codes: result.diagnostics.map(({ code }) => code), text: told };
}

const converted = await run(json);

/** The definition that the plain body gives, and what is said. */
function sameAsBody(codes: readonly string[] = []): object {
  return { definitions: converted.definitions, codes };
}

const form = (mode: string) => ({
  mode,
  [mode]: [
    { key: 'element.key', value: 'sharefile' },
    { key: 'name', value: 'Files' },
    { key: 'configuration.oauth.api.secret', value: 's3cret' },
    { key: 'configuration[sharefile.subdomain]', value: 'acme' },
    { key: 'tags', value: 'no', disabled: true },
  ],
});

const answer = (id: number) => ({
  id,
  name: `a${id}`,
  token: 's3cret',
  valid: true,
  element: { key: 'box', id: 22 },
  configuration: {},
});

describe('convert: the connector', () => {
  it.each([
    ['under `connector`', { connector: { key: 'box' } }],
    ['under `connector`, as text', { connector: 'box' }],
    ['under `element`, as text', { element: 'box' }],
    ['under `element`, with its id beside the key', { element: { key: 'box', id: 22 } }],
  ])('is found %s', async (_, named) => {
    const { definitions, codes } = await run(JSON.stringify({ ...named, name: 'a', configuration: {} }));
    expect([definitions[0]?.['connector'], codes]).toEqual(['box', []]);
  });

  it.each(['netsuiteerp2018release1(proxy)', 'httppalette.se', 'adobe-esign', 'my_Connector'])(
    'is found in an address: %s',
    async (key) => {
      for (const written of [key, encodeURIComponent(key).replaceAll('(', '%28')]) {
        const { definitions } = await run(`curl '${url}/elements/${written}/instances' -d '{"name":"a"}'`);
        expect(definitions[0]?.['connector']).toBe(key);
      }
    },
  );

  it.each([
    ['an address', `curl -X POST ${url}/elements/23/instances -d '{"name":"a"}'`],
    ['a body', '{"element":{"id":23},"name":"a"}'],
    ['a key', '{"element":{"key":"23"},"name":"a"}'],
    ['PowerShell', `irm "${url}/elements/23/instances" -Method Post -Body '{"name":"a"}'`],
  ])('is not guessed from the number in %s', async (_, text) => {
    const { definitions, codes, text: told } = await run(text);
    expect([definitions, codes]).toEqual([[], ['connector-by-id']]);
    expect(told).toContain('GET /elements/23');
  });
});

describe('convert: what counts as a secret', () => {
  it.each(['closeio', 'stripe', 'freshdeskv2', 'bamboohr', 'chargify', 'wufoo', 'campaignmonitor'])(
    'is asked of the catalogue: the API key of %s under username',
    async (key) => {
      const { yaml } = await run(
        JSON.stringify({ element: { key }, name: 'a', configuration: { username: 's3cret' } }),
      );
      expect(yaml).toMatch(/username: \$\{\{ secrets\.\w+ \}\}/);
    },
  );

  it('holds a header and an address with credentials in them, whatever the key is called', async () => {
    const values = [header.slice(15), 'https://x.example.com/?a=1&token=s3cret', 'Bearer s3cretToken1'];
    for (const value of values) {
      const { yaml } = await run(JSON.stringify({ element: { key: 'x' }, configuration: { note: value } }));
      expect(yaml).toContain('note: ${{ secrets.X_NOTE }}');
    }
  });
});

describe('convert: a page with several commands', () => {
  const exportLine = "export CE_USER_SECRET='s3cret' CE_ORG=s3cret";
  const consent = `curl "${url}/elements/sharefile/oauth/url?apiKey=s3cret&apiSecret=s3cret" -H '${header}'`;
  const create = `curl -X POST ${url}/instances -H '${header}' -d ${shell}`;
  const ping = `curl ${url}/ping -H 'Authorization: Element s3cret'`;

  it.each([
    ['with exports in front', `${exportLine}\n${create}\n`, []],
    ['with a comment in front', `# don't forget the secret\n${create}\n`, []],
    ['one after the other', `${consent}\n\n${create}\n\n${ping}\n`, ['requests-left-out']],
    [
      'in Markdown',
      `# How to\n\nIt's easy:\n\n\`\`\`bash\n${consent}\n\`\`\`\n\nThen don't wait:\n\n\`\`\`bash\n${create}\n\`\`\`\n\nThat's it.\n`,
      ['requests-left-out'],
    ],
    [
      'with paragraphs between',
      `First:\n\n${consent}\n\nThen you're asked.\n\n${create}\n\nThat's all.\n`,
      ['requests-left-out'],
    ],
    ['kept in a variable', `ID=$(${create} | jq -r .id)\n${ping}`, ['requests-left-out']],
    ['joined', `${consent} && ${create}`, ['requests-left-out']],
    ['the body in a here-document', `curl -X POST ${url}/instances -H '${header}' -d @- <<'EOF'\n${json}\nEOF\n`, []],
    ['the body in a variable', `BODY=${shell}\ncurl ${url}/instances -H '${header}' -d "$BODY"`, []],
    ['an address in a variable', `curl "$BASE/instances" -H '${header}' -d ${shell}`, []],
  ])('takes the one that creates: %s', async (_, text, codes) => {
    expect(await run(text)).toMatchObject(sameAsBody(codes));
  });

  it('says which it left, by method and path and line only', async () => {
    const { text } = await run(`${exportLine}\n${consent}\n${create}\n${ping}`);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('GET /elements/sharefile/oauth/url (line 2)');
    expect(text).toMatch(/GET \/ping\s+\(line \d+\)/);
  });

  it('says that none creates', async () => {
    expect((await run(`${consent}\n${ping}`)).codes).toEqual(['no-create']);
    expect((await run(`${create}\n${create}`)).codes).toEqual(['several-bodies']);
  });

  it('shows no secret where a command cannot be read', async () => {
    for (const broken of [
      '\'{"a": s3cret}\'',
      '\'{"note": "s3cret" "b"}\'',
      '\'{"a": "s3cret',
      '"{\\"a\\": \\"$s3cret\\""',
    ])
      expect(
        (await run(`${exportLine}\ncurl -H '${header}' "${url}/instances?k=s3cret" -d ${broken}`)).codes,
      ).not.toEqual([]);
  });
});

describe('convert: PowerShell', () => {
  const hash = `@{
    element = @{ key = 'sharefile' }
    name = "Tom's files"; tags = @('Docs')
    configuration = @{
      'oauth.api.key' = 's3cretKey1'   # don't share
      'oauth.api.secret' = $env:SECRET
      'document.root.folder.name' = '/top'
      "sharefile.subdomain" = "acme"
      'event.notification.enabled' = $true
      'event.vendor.type' = 'polling'
      'event.notification.callback.url' = "https://$hookHost/events"
      'event.poller.configuration' = @{ documents = [ordered]@{
        url = '/hubs/documents?where=date=''\${gmtDate:yyyy-MM-dd''T''HH:mm:ss''Z''}'''
        idField = 'Id'
      } }
    }
    providerData = @{ code = $code }
  }`;
  const head = `$hookHost = 'hooks.example.com'\n$headers = @{ Authorization = "User s3cretUser, Organization $org" }\n`;

  it.each([
    [
      'a here-string',
      `${head}$body = @'\n${json}\n'@\nInvoke-RestMethod -Uri "${url}/instances" -Method Post -Headers $headers -Body $body -ContentType 'application/json'`,
    ],
    ['a here-string in place', `Invoke-WebRequest -Method POST ${url}/instances -Body @'\n${json}\n'@`],
    [
      'a here-string with variables',
      `${head}$body = @"\n${json.replace('hooks.example.com', '$hookHost')}\n"@\nirm -Uri ${url}/instances -Method Post -Body $body`,
    ],
    [
      'backticks',
      `${head}Invoke-RestMethod \`\n  -Uri '${url}/instances' \`\n  -Method Post \`\n  -Headers $headers \`\n  -Body '${json.replaceAll("'", "''")}'`,
    ],
    [
      'ConvertTo-Json',
      `${head}$body = ${hash} | ConvertTo-Json -Depth 10\nInvoke-RestMethod -Uri "${url}/instances" -Method POST -Body $body`,
    ],
    [
      'ConvertTo-Json in place',
      `${head}$b = ${hash}\nirm "${url}/instances" -Method Post -Body ($b | ConvertTo-Json -Depth 5 -Compress)`,
    ],
    [
      'splatting',
      `${head}$params = @{\n  Uri = "${url}/instances"\n  Method = 'Post'\n  Headers = $headers\n  Body = (${hash} | ConvertTo-Json -Depth 9)\n}\n$answer = Invoke-RestMethod @params\n$answer.id`,
    ],
    [
      'a pipe',
      `${head}${hash} |\n  ConvertTo-Json -Depth 9 |\n  Invoke-RestMethod -Uri "${url}/instances" -Method Post`,
    ],
    [
      'members that are set later',
      `${head}$b = ${hash}\n$b.name = "Tom's files"\n$b.configuration['sharefile.subdomain'] = 'acme'\n$r = irm -Uri "$base/instances" -Method Post -Body ($b | ConvertTo-Json)`,
    ],
  ])('reads %s', async (_, text) => {
    expect(await run(text)).toMatchObject(sameAsBody());
  });

  it('takes the one that creates and says what it left', async () => {
    const other = `$u = Invoke-RestMethod "${url}/elements/sharefile/oauth/url?apiKey=s3cret" -Headers @{ a = 's3cret' }`;
    const create = `Invoke-RestMethod -Uri ${url}/instances -Method Post -Body @'\n${json}\n'@`;
    const ending = await run(`${other}\n${create}`);
    expect(ending).toMatchObject(sameAsBody(['requests-left-out']));
    expect(ending.text.replaceAll(/\s+/g, ' ')).toContain('GET /elements/sharefile/oauth/url (line 1)');
    expect((await run(other)).codes).toEqual(['no-create']);
  });

  it('makes references of variables without a value', async () => {
    const text = `irm ${url}/elements/box/instances -Method Post -Body (@{ name = $n; configuration = @{ 'oauth.api.key' = $id; 'folder' = $f; 'x' = (Get-Date).Year } } | ConvertTo-Json)`;
    const { yaml } = await run(text);
    expect(yaml).toContain('folder: ${{ vars.boxFolder }}');
    expect(yaml).toContain('oauth.api.key: ${{ secrets.BOX_CLIENT_ID }}');
    expect(yaml).toContain('x: ${{ vars.boxX }}');
  });

  it('names a body that cannot be read', async () => {
    const { codes } = await run(`irm ${url}/instances -Method Post -Body @'\n{"a": s3cret}\n'@`);
    expect(codes).toEqual(['invalid-json']);
  });
});

describe('convert: a Postman collection', () => {
  const auth = { key: 'Authorization', value: header.slice(15) };
  const get = {
    name: 'Consent',
    request: { method: 'GET', header: [auth], url: { raw: '{{base}}/elements/sharefile/oauth/url?apiSecret=s3cret' } },
  };
  const post = (rawUrl: unknown, sent: unknown, name = 'Create') => ({
    name,
    request: { method: 'POST', header: [auth], url: rawUrl, body: sent },
  });
  const collection = (schema: string, ...item: readonly unknown[]) =>
    JSON.stringify(
      {
        info: { name: 'CE', schema: `https://schema.getpostman.com/json/collection/${schema}/collection.json` },
        item,
        variable: [
          { key: 'base', value: url },
          { key: 'clientSecret', value: 's3cret' },
        ],
      },
      null,
      2,
    );
  const raw = { mode: 'raw', raw: json };

  it('of v2.1 in folders, and of v2.0', async () => {
    const nested = collection('v2.1.0', get, {
      name: 'Folder',
      item: [post({ raw: '{{base}}/instances', host: ['{{base}}'], path: ['instances'] }, raw)],
    });
    expect(await run(nested)).toMatchObject(sameAsBody(['requests-left-out']));
    expect(await run(collection('v2.0.0', post(`${url}/instances`, raw)))).toMatchObject(sameAsBody());
    expect(await run(JSON.stringify({ collection: JSON.parse(nested) as unknown }))).toMatchObject(
      sameAsBody(['requests-left-out']),
    );
  });

  it('with variables: references stand in their place, and it is said', async () => {
    const sent =
      '{"name": "{{name}}", // a comment\n "configuration": {"oauth.api.secret": "{{clientSecret}}", "event.poller.refresh_interval": {{minutes}}, "base.url": "https://{{host}}/x"}}'.replace(
        ' // a comment',
        '',
      );
    const { yaml, codes, text } = await run(
      collection('v2.1.0', post('{{base}}/elements/sharefile/instances', { mode: 'raw', raw: sent })),
    );
    expect(codes).toEqual(['variables-left']);
    expect(text).toContain('{{clientSecret}}');
    expect(yaml).toContain('oauth.api.secret: ${{ secrets.SHAREFILE_CLIENT_SECRET }}');
    expect(yaml).toContain('base.url: https://${{ vars.sharefileHost }}/x');
    expect(yaml).not.toContain('{{minutes}}');
  });

  it('with a form', async () => {
    for (const mode of ['urlencoded', 'formdata']) {
      const { definitions } = await run(collection('v2.1.0', post(`${url}/instances`, form(mode))));
      expect(definitions[0]).toEqual({
        connector: 'sharefile',
        name: 'Files',
        configuration: { 'oauth.api.secret': '${{ secrets.SHAREFILE_CLIENT_SECRET }}', 'sharefile.subdomain': 'acme' },
      });
    }
  });

  it('with several that create: a definition each', async () => {
    const second = { ...raw, raw: json.replace("Tom's", "Ann's") };
    const { definitions } = await run(
      collection('v2.1.0', post(`${url}/instances`, raw), post(`${url}/instances`, second, 'Second')),
    );
    expect(definitions.map(({ name }) => name)).toEqual(["Tom's files", "Ann's files"]);
  });

  it.each([
    ['none creates', [get], 'no-create'],
    ['it is empty', [], 'no-create'],
    ['the body is missing', [post(`${url}/instances`, undefined)], 'no-body'],
    ['the body is no JSON', [post(`${url}/instances`, { mode: 'raw', raw: '{"a": s3cret}' })], 'invalid-json'],
    ['the body is a file', [post(`${url}/instances`, { mode: 'file', file: { src: 'a.json' } })], 'invalid-json'],
    ['it makes a formula instance', [post(`${url}/formulas/7/instances`, raw)], 'formula-instance'],
  ])('says when %s', async (_, items, code) => {
    const { codes, definitions } = await run(collection('v2.1.0', ...items));
    expect([definitions, codes.filter((one) => one !== 'requests-left-out')]).toEqual([[], [code]]);
  });
});

describe('convert: what is no body', () => {
  const event = {
    topic: 'instance-7-box-events',
    message: { elementKey: 'box', instance_id: 7, events: [], raw: { a: 's3cret' } },
  };

  it.each([
    ['a list of live instances', [answer(4), answer(7)], 'live-instances', 'connectorctl import --id 4 7'],
    ['one live instance in a list', [answer(4)], 'live-instances', 'connectorctl import --id 4'],
    [
      'very many live instances',
      Array.from({ length: 30 }, (_, id) => answer(id)),
      'live-instances',
      'connectorctl import --all',
    ],
    [
      'a formula instance',
      { active: true, name: 'f', configuration: { box: '7' }, settings: {} },
      'formula-instance',
      'leaves formulas alone',
    ],
    [
      'the answer about one',
      { id: 3, formula: { id: 1 }, name: 'f', configuration: {} },
      'formula-instance',
      'leaves formulas alone',
    ],
    ['a formula', { name: 'f', steps: [], triggers: [], configuration: [] }, 'formula-template', 'formula'],
    [
      'a connector',
      { key: 'mine', name: 'Mine', configuration: [{ key: 'a', type: 'PASSWORD' }], resources: [] },
      'connector-export',
      'connectorctl init --connector mine',
    ],
    ['an event', event, 'event-payload', 'connectorctl import --id'],
    ['events', [event], 'event-payload', 'connectorctl import --id'],
    [
      'an environment of Postman',
      { name: 'e', values: [{ key: 'a', value: 's3cret' }], _postman_variable_scope: 'environment' },
      'postman-environment',
      'collection',
    ],
    ['a refusal', { requestId: '5', message: 'No s3cret found' }, 'error-answer', 'what GET /instances/{id} answers'],
  ])('says what it is and what to do: %s', async (_, value, code, next) => {
    const { codes, definitions, text } = await run(JSON.stringify(value, null, 2));
    expect([definitions, codes]).toEqual([[], [code]]);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(next);
  });

  it.each([
    [{ instance_id: 7 }, 'connectorctl import --id 7'],
    [{ instanceId: '12' }, 'connectorctl import --id 12'],
    [{}, 'its id is `message.instance_id`'],
    [{ instanceId: 's3cret' }, 'connectorctl import --id ID'],
  ])('names the instance that an event is from: %j', async (of, next) => {
    const { codes, text } = await run(
      JSON.stringify({ topic: 't', message: { elementKey: 'box', events: [], ...of } }),
    );
    expect(codes).toEqual(['event-payload']);
    expect(text).toContain(next);
    expect(text).not.toContain('s3cret');
  });

  it.each([
    "const answer = await fetch(url, { body: JSON.stringify({ element: { key: 'stripe' }, configuration: { username: 's3cret' } }) });",
    "requests.post(url, headers={'Authorization': 'User s3cret'}, json={'element': {'key': 'stripe'}})",
  ])('says what it reads where it meets code of another language', async (code) => {
    const { codes, text } = await run(code);
    expect(codes).toEqual(['invalid-json']);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('put the JSON body alone into a file');
    expect(text).not.toContain('s3cret');
  });

  it.each([
    [
      'a definition',
      'connector: stripe\nname: S\nconfiguration:\n  api.key: s3cret\n',
      'already-a-definition',
      'instances/',
    ],
    ['a definition below a comment', '# ours\n---\nname: S\nconnector: stripe\n', 'already-a-definition', 'instances/'],
    [
      'what a browser recorded',
      '{"log": {"entries": [{"request": {"postData": {"text": "s3cret"}}}]}}',
      'not-a-body',
      'alone into a file',
    ],
    ['settings of another program', '{"openapi": "3.0.0", "paths": {}, "x": "s3cret"}', 'not-a-body', 'import --all'],
    ['nothing at all', '{}', 'missing-connector', '"element"'],
    [
      'an entry of a configuration',
      '{"id": 1, "name": "Password", "key": "password", "propertyValue": "s3cret"}',
      'configuration-entries',
      'import --id ID',
    ],
    ['all of them', '[{"key": "username", "propertyValue": "s3cret"}]', 'configuration-entries', 'import --id ID'],
    ['where to consent', '{"element": "box", "oauthUrl": "https://s3cret"}', 'consent-answer', 'authorize KEY'],
    ['a token of OAuth 1', '{"token": "s3cret", "secret": "s3cret"}', 'consent-answer', 'authorize KEY'],
    [
      'who is told of events',
      '{"id": 9, "channel": "webhook", "topics": ["instance-4-box-events"]}',
      'notification-subscription',
      'import --id ID',
    ],
    ['a formula', '{"name": "a", "steps": [], "trigger": []}', 'formula-template', 'Convert the connector instances'],
  ])('says what it is and nothing else: %s', async (_, text, code, next) => {
    const { codes, definitions, text: told } = await run(text);
    expect([definitions, codes]).toEqual([[], [code]]);
    expect(told.replaceAll(/\s+/g, ' ')).toContain(next);
  });

  it('warns that a live instance is there already', async () => {
    const { codes, text, definitions } = await run(JSON.stringify(answer(4)));
    expect([codes, definitions.length]).toEqual([['live-instance'], 1]);
    expect(text).toContain('connectorctl import --id 4');
  });

  it('refuses a cURL command that makes a formula instance', async () => {
    expect((await run(`curl ${url}/formulas/5/instances -d '{"name":"a"}'`)).codes).toEqual(['formula-instance']);
  });
});
