import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../support/rig.ts';

interface Loaded {
  /** Files of the built program. */
  readonly files: readonly string[];
  /** Modules of Node.js that programs can ask for. */
  readonly modules: readonly string[];
}

/** What the built program loads to answer a command line. */
function listLoaded(words: readonly string[], cwd = '/'): Loaded {
  const hook = path.join(import.meta.dirname, '../support/loaded-files.cjs');
  const { stderr } = spawnSync(process.execPath, ['--require', hook, cli, ...words], {
    cwd,
    env: {},
    encoding: 'utf8',
  });
  return JSON.parse(stderr.slice(stderr.lastIndexOf('{"files"')));
}

describe('the start', () => {
  it.each([
    ['--version', ['main.js']],
    ['-V', ['main.js']],
    ['--help', ['main.js', 'find-help.js']],
    ['help plan', ['main.js', 'find-help.js']],
    ['secrets list --help', ['main.js', 'find-help.js']],
  ])('loads for %s what it prints, and neither the parser nor streams', (line, files) => {
    const loaded = listLoaded(line.split(' '));
    expect(loaded.files).toEqual(files);
    const costly = new Set(['stream', 'net', 'tty', 'child_process', 'crypto', 'http', 'fs/promises']);
    expect(loaded.modules.filter((name) => costly.has(name))).toEqual([]);
  });

  it.each(['validate --no-secrets', 'explain sharefile', 'history nowhere.jsonl', 'completion bash', 'plam'])(
    'loads for %s nothing that connects',
    (line) => {
      // There are definitions in this repository.
      const { files, modules } = listLoaded(line.split(' '), path.join(import.meta.dirname, '../..'));
      expect(files.filter((name) => name === 'undici-parts.js')).toEqual([]);
      expect(modules.filter((name) => name === 'http' || name === 'http2' || name === 'tls')).toEqual([]);
    },
  );

  it.each([
    ['validate', ['definitions']],
    ['plan', ['planning']],
    ['completion bash', ['set-up']],
    ['apply --nonsense', ['applying']],
    ['plam', []],
    ['__complete -- history --f', ['records']],
  ])('loads for %s no options of commands that it is not about', (line, wanted) => {
    const { files } = listLoaded(line.split(' '));
    const declarations = files.flatMap(
      (name) => /^(set-up|definitions|planning|applying|records)-/.exec(name)?.[1] ?? [],
    );
    expect(declarations).toEqual(wanted);
  });

  it('takes few files, as each has to be found and opened', () => {
    expect(listLoaded(['plan']).files.length).toBeLessThan(20);
  });

  it.each([
    ['explain sharefile', ['render-connector-text']],
    ['explain sharefile --format json', ['describe-result']],
    ['history nowhere.jsonl', []],
    ['plam', []],
  ])('loads for %s only the words of what it came to', (line, wanted) => {
    const { files } = listLoaded(line.split(' '));
    const words = files.flatMap(
      (name) => /^(present-(?!result)\w+|describe-result|render-[a-z-]+)-/.exec(name)?.[1] ?? [],
    );
    expect(words).toEqual(wanted);
  });
});
