import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { validate } from '../../src/operation/validate.ts';
import { renderDiagnosticsText } from '../../src/report/diagnostics/render-text.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { expectGolden } from '../support/golden.ts';
import { operationPorts } from '../support/operation-ports.ts';
import { openRig } from '../support/rig.ts';

interface Table {
  readonly workspace: string;
  readonly definition: string;
  readonly groups: Readonly<Record<string, readonly (readonly [title: string, find: string, replace: string])[]>>;
}

const table: Table = parse(readFileSync(path.join(import.meta.dirname, '../cases/mistakes.yaml'), 'utf8'));
const env = { CONNECTORCTL_SECRET_FILES_KEY: 'a', CONNECTORCTL_SECRET_FILES_SECRET: 'b', CONNECTORCTL_SECRET_T: 'c' };

interface Found {
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
}

async function check(files: Readonly<Record<string, string>>): Promise<Found> {
  const rig = openRig(files);
  const result = await validate(operationPorts({ cwd: rig.directory, env }), {}, {});
  const { diagnostics } = result;
  const text = renderDiagnosticsText(diagnostics, { sourceOf: (file) => files[file], color: false, width: 100 });
  return { diagnostics, text };
}

function filesWith(group: string, [title, find, replace]: readonly [string, string, string]): Record<string, string> {
  const file = group === 'workspace' ? 'workspace' : 'definition';
  if (table[file].split(find).length !== 2) throw new Error(`${group}, ${title}: it is not found once`);
  const text = table[file].replace(find, () => replace);
  const files = { 'connectorctl.yaml': table.workspace, 'instances/files.yaml': table.definition };
  return { ...files, [file === 'workspace' ? 'connectorctl.yaml' : 'instances/files.yaml']: text };
}

describe('mistakes that people make', () => {
  it('are made in files that are right', async () => {
    expect((await check({ 'connectorctl.yaml': table.workspace, 'instances/files.yaml': table.definition })).text).toBe(
      '',
    );
    expect(Object.values(table.groups).flat().length).toBeGreaterThan(80);
  });

  it.each(Object.keys(table.groups))('are told with place, reason and next step: %s', async (group) => {
    const told: string[] = [];
    for (const mistake of table.groups[group] ?? []) {
      const { diagnostics, text } = await check(filesWith(group, mistake));
      told.push(`=== ${mistake[0]}\n${text === '' ? '(nothing)\n' : text}`);
      expect(diagnostics.filter(({ at }) => at === undefined)).toEqual([]);
      // No message shows a secret, and none is about nothing.
      expect(text).not.toContain('Zk3-not-a-real-one');
      expect(diagnostics.filter(({ detail }) => detail === '')).toEqual([]);
    }
    expectGolden(`mistakes/${group}.txt`, told.join('\n'));
  });

  /** Names that a definition was given by accident, or that are no mistake at all. */
  const names = [
    'files.yml.txt',
    'files.yaml~',
    'files.YAML',
    'files.yaml.orig',
    'files.ylm',
    'files.txt',
    'files',
    'files.bak',
    'copy.yaml.bak',
    'README',
    'notes.md',
    '.files.yaml.swp',
  ];

  it('are told of files that are not read for their names', async () => {
    const told: string[] = [];
    const others = { 'connectorctl.yaml': table.workspace, 'instances/copy.yaml': table.definition };
    for (const name of names) {
      const { diagnostics, text } = await check({ ...others, [`instances/${name}`]: table.definition });
      told.push(`=== ${name}\n${text === '' ? '(nothing)\n' : text}`);
      expect(diagnostics.map(({ severity }) => severity)).not.toContain('error');
    }
    const body = '{\n  "element": { "key": "sharefile" },\n  "name": "Files"\n}\n';
    told.push(`=== files.json\n${(await check({ ...others, 'instances/files.json': body })).text}`);
    expectGolden('mistakes/file-names.txt', told.join('\n'));
  });
});
