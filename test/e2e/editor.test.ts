import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBuiltIn, listBuiltInKeys } from '../../src/catalogue/built-in.ts';
import type { CatalogueEntry } from '../../src/catalogue/catalogue.ts';
import { renderConnectorSchema } from '../../src/catalogue/connector-schema.ts';
import { renderDefinitionSchema } from '../../src/catalogue/definition-schema.ts';
import { type LanguageServer, startLanguageServer } from '../support/language-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-editor-'));
const place = (name: string): string => path.join(folder, name);
let server: LanguageServer;

function entry(key: string, origin: CatalogueEntry['origin']): CatalogueEntry {
  const connector = findBuiltIn(key);
  if (connector === undefined) throw new Error(`${key} is not built in`);
  return { connector, origin };
}

const modeline = '# yaml-language-server: $schema=../schema/instance.schema.json\n';
const app = '  oauth.api.key: ${{ secrets.KEY }}\n  oauth.api.secret: ${{ secrets.SECRET }}\n';
const sharefile = `${modeline}connector: sharefile\nname: A\nconfiguration:\n${app}`;

beforeAll(async () => {
  for (const name of ['instances', 'schema/connectors']) mkdirSync(place(name), { recursive: true });
  const entries = [entry('sharefile', 'built-in'), entry('closeio', 'pulled'), entry('sfdc', 'built-in')];
  writeFileSync(place('schema/instance.schema.json'), renderDefinitionSchema({ entries, keys: listBuiltInKeys() }));
  writeFileSync(place('schema/connectors/closeio.schema.json'), renderConnectorSchema(entry('closeio', 'pulled')));
  server = await startLanguageServer(folder);
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('the YAML language server', () => {
  it('completes the keys of the connector, with what they mean', async () => {
    await server.open(place('instances/a.yaml'), `${sharefile}  \n`);
    const offered = await server.complete(place('instances/a.yaml'), { line: 6, character: 2 });
    expect(offered.get('event.poller.refresh_interval')).toContain('How often the provider is polled');
    expect(offered.get('sharefile.subdomain')).toBeDefined();
    expect(offered.has('username')).toBe(false);
    expect(offered.has('oauth.user.token')).toBe(false);
  });

  it('underlines nothing in what is right', async () => {
    const text = `${sharefile}  event.vendor.type: polling\n  filter.response.nulls: \${{ vars.NULLS }}\n  oauth.callback.url: https://hooks.example.com\n`;
    expect(await server.open(place('instances/right.yaml'), text)).toEqual([]);
  });

  it('underlines a wrong option, a key that the connector does not have, and what is missing, each on its line', async () => {
    const text = `${modeline}connector: sharefile\nname: A\nconfiguration:\n  oauth.api.key: a\n  event.vendor.type: pulling\n  sharefile.subdomian: x\n`;
    const found = await server.open(place('instances/wrong.yaml'), text);
    expect(found.map(({ line, message }) => [line, message])).toEqual([
      [5, expect.stringContaining('"polling"')],
      [6, expect.stringContaining('sharefile.subdomian is not allowed')],
      [3, expect.stringContaining('oauth.api.secret')],
    ]);
  });

  it('underlines a connector that nobody has, and offers those that there are', async () => {
    const file = place('instances/unknown.yaml');
    const found = await server.open(file, `${modeline}connector: sharefle\nname: A\nconfiguration: {}\n`);
    expect(found).toEqual([expect.objectContaining({ line: 1, message: expect.stringContaining('catalog pull') })]);
    expect((await server.complete(file, { line: 1, character: 11 })).has('sharefile')).toBe(true);
  });

  it('asks for nothing that the overrides may give', async () => {
    const text = `${modeline}connector: sharefile\nname: A\nconfiguration: {}\noverrides:\n  production:\n    configuration:\n${app.replaceAll(/^/gm, '    ').trimEnd()}\n`;
    expect(await server.open(place('instances/overrides.yaml'), text)).toEqual([]);
  });

  it('completes and checks the keys of the connector in an override, in time', async () => {
    const file = place('instances/override.yaml');
    const text = `${sharefile}overrides:\n  production:\n    configuration:\n      event.vendor.type: pulling\n      sharefile.subdomian: x\n      sharefile.subdomain: null\n      \n`;
    const found = await server.open(file, text);
    expect(found.map(({ line, message }) => [line, message])).toEqual([
      [9, expect.stringContaining('"polling"')],
      [10, expect.stringContaining('sharefile.subdomian is not allowed')],
    ]);
    const offered = await server.complete(file, { line: 12, character: 6 });
    expect(offered.get('event.poller.refresh_interval')).toContain('How often the provider is polled');
    expect(offered.has('username')).toBe(false);
  });

  it('lets an override of a connector that nobody knows hold any key', async () => {
    const text = `${modeline}connector: my-own\nname: A\nconfiguration: {}\noverrides:\n  production:\n    configuration:\n      my.key: x\n`;
    const found = await server.open(place('instances/own.yaml'), text);
    expect(found.map(({ line }) => line)).toEqual([1]);
  });

  it('shows what a key means when the pointer rests on it', async () => {
    await server.open(place('instances/hover.yaml'), `${sharefile}  event.poller.refresh_interval: 15\n`);
    expect(await server.hover(place('instances/hover.yaml'), { line: 6, character: 8 })).toContain('in whole minutes');
  });

  it('follows a connector that was pulled into the file beside', async () => {
    const file = place('instances/pulled.yaml');
    const found = await server.open(file, `${modeline}connector: closeio\nname: A\nconfiguration:\n  usernme: x\n  \n`);
    expect(found.map(({ line }) => line)).toContain(4);
    expect([...(await server.complete(file, { line: 5, character: 2 })).keys()]).toContain('username');
  });
});
