import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readElementFile } from '../../src/operation/read-element-file.ts';
import { openSandbox } from '../sandbox/open-sandbox.ts';

const exported = {
  key: 'acme-orders',
  name: 'Acme Orders',
  hub: 'general',
  authentication: { type: 'custom' },
  configuration: [
    { key: 'api.key', name: 'API key', type: 'PASSWORD', required: true },
    { key: 'region', name: 'Region', type: 'TEXTFIELD_32', defaultValue: 'eu' },
  ],
};

function aFile(text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-element-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, 'element.json'), text);
  return folder;
}

describe('a connector of a file', () => {
  it('is one of the sandbox, with its required keys, its mask and its defaults', async () => {
    const connector = readElementFile('element.json', aFile(JSON.stringify(exported)));
    const { call } = await openSandbox({ connectors: [connector] });
    const create = (configuration: Readonly<Record<string, string>>) =>
      call('POST', '/instances', { body: { element: { key: 'acme-orders' }, name: 'Orders', configuration } });
    expect((await create({})).body['message']).toBe('Missing required configuration: api.key');
    const { status, body } = await create({ 'api.key': 'k' });
    expect({ status, configuration: body['configuration'] }).toEqual({
      status: 200,
      configuration: { 'api.key': '********', region: 'eu' },
    });
  });

  it.each(['no JSON', '{}', '{"key": "a"}', '[]', '{"key": "a", "configuration": 7}'])(
    'is refused when it is none: %s',
    (text) => {
      expect(() => readElementFile('element.json', aFile(text))).toThrow(/element\.json cannot be used as a connector/);
    },
  );

  it('is refused when there is no such file', () => {
    expect(() => readElementFile('nothing.json', aFile('{}'))).toThrow(/nothing\.json cannot be used/);
  });
});
