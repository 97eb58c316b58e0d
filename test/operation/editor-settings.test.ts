import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { init } from '../../src/operation/init/init.ts';

let directory: string;
const read = (name: string): string => readFileSync(path.join(directory, name), 'utf8');

function write(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
  writeFileSync(path.join(directory, name), text);
}

async function runInit(editor: boolean) {
  const result = await init(directory, { workflows: false, editor });
  if (result.kind !== 'initialized') throw new Error(result.kind);
  return { statuses: new Map(result.files.map(({ file, status }) => [file, status])), result };
}

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'connectorctl-init-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('init --editor', () => {
  it('writes the files of editors, and only when asked to', async () => {
    await runInit(false);
    expect(existsSync(path.join(directory, '.vscode'))).toBe(false);
    const { statuses } = await runInit(true);
    expect(statuses.get('.editorconfig')).toBe('written');
    expect(JSON.parse(read('.vscode/settings.json'))).toEqual({
      'yaml.schemas': {
        './schema/instance.schema.json': ['instances/**/*.yaml', 'instances/**/*.yml'],
        './schema/workspace.schema.json': ['connectorctl.yaml'],
      },
    });
    expect(new Set((await runInit(true)).statuses.values())).toEqual(new Set(['unchanged']));
  });

  it('adds to settings that are there, and keeps comments, order and what they say of our schemas', async () => {
    const mine =
      '{\n    // Mine.\n    "editor.rulers": [100],\n    "yaml.schemas": { "schema/instance.schema.json": "mine/*.yaml" },\n}\n';
    write('.vscode/settings.json', mine);
    const { statuses } = await runInit(true);
    expect(statuses.get('.vscode/settings.json')).toBe('changed');
    const text = read('.vscode/settings.json');
    expect(text).toContain('    // Mine.\n    "editor.rulers": [100],\n');
    expect(text).toContain('"mine/*.yaml"');
    expect(text).not.toContain('./schema/instance.schema.json');
    expect(text).toContain('./schema/workspace.schema.json');
    expect((await runInit(true)).statuses.get('.vscode/settings.json')).toBe('unchanged');
  });

  it.each(['{ "a": ', '[]', '{ "yaml.schemas": 7 }'])(
    'leaves settings alone that nobody can add to: %s',
    async (text) => {
      write('.vscode/settings.json', text);
      const { statuses, result } = await runInit(true);
      expect(statuses.get('.vscode/settings.json')).toBe('kept');
      expect(read('.vscode/settings.json')).toBe(text);
      expect(result.editorAdditions).toEqual([
        { file: '.vscode/settings.json', lines: expect.arrayContaining([expect.stringContaining('yaml.schemas')]) },
      ]);
    },
  );

  it('adds a section of its own to .editorconfig, with the line ends that are there', async () => {
    write('.editorconfig', 'root = true\r\n[*]\r\nindent_size = 8');
    await runInit(true);
    const text = read('.editorconfig');
    expect(text.startsWith('root = true\r\n[*]\r\nindent_size = 8\r\n\r\n[instances/**.{yaml,yml}]\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    expect((await runInit(true)).statuses.get('.editorconfig')).toBe('unchanged');
  });

  it('lets the schema follow the connectors in use, but for one that is not ours', async () => {
    await runInit(false);
    write('instances/crm.yaml', 'connector: sharefile\nname: A\nconfiguration: {}\n');
    expect((await runInit(false)).statuses.get('schema/instance.schema.json')).toBe('kept');
    expect((await runInit(true)).statuses.get('schema/instance.schema.json')).toBe('changed');
    expect(read('schema/instance.schema.json')).toContain('"sharefile.subdomain"');
    write('schema/instance.schema.json', '{}\n');
    expect((await runInit(true)).statuses.get('schema/instance.schema.json')).toBe('kept');
  });
});
