import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readDefinitionFiles } from '../../src/disk/read-definitions.ts';

let parent: string;
let directory: string;

beforeEach(() => {
  parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'connectorctl-')));
  directory = path.join(parent, 'workspace');
  mkdirSync(path.join(directory, 'instances'), { recursive: true });
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** Writes a file relative to the workspace folder and answers its path. */
function write(file: string, content: string | Uint8Array = file): string {
  const target = path.join(directory, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
}

function link(file: string, target: string): void {
  symlinkSync(target, path.join(directory, file));
}

async function problemsOf(only?: readonly string[]): Promise<readonly string[]> {
  const { diagnostics } = await readDefinitionFiles(directory, only);
  expect(diagnostics.every(({ severity }) => severity === 'error')).toBe(true);
  return diagnostics.map(({ code, at }) => `${at?.file} ${code}`);
}

async function filesOf(only?: readonly string[]): Promise<readonly string[]> {
  return (await readDefinitionFiles(directory, only)).files.map(({ file }) => file);
}

describe('the definition files of a workspace', () => {
  it('are all YAML files below instances, sorted, with their text', async () => {
    for (const file of ['b.yaml', 'a/z.yml', 'a/b/c.yaml', 'a.yaml', 'ä.yaml']) write(`instances/${file}`);
    for (const file of ['.hidden.yaml', '.git/x.yaml', 'a.json', 'README.md', 'yaml', 'a.yaml.bak'])
      write(`instances/${file}`);
    write('outside.yaml');
    const files = ['a.yaml', 'a/b/c.yaml', 'a/z.yml', 'b.yaml', 'ä.yaml'].map((name) => `instances/${name}`);
    expect(await readDefinitionFiles(directory)).toEqual({
      files: files.map((file) => ({ file, text: file })),
      diagnostics: [],
    });
  });

  it('are named one by one: a folder is told for what it is', async () => {
    write('instances/eu/a.yaml');
    const { diagnostics } = await readDefinitionFiles(directory, [path.join(directory, 'instances/eu'), directory]);
    expect(diagnostics.map(({ at, code, message }) => [at?.file, code, message])).toEqual([
      ['instances/eu', 'not-a-file', 'A folder, not a file'],
      ['.', 'not-a-file', 'A folder, not a file'],
    ]);
    expect(await problemsOf([path.join(directory, 'instances/eu.json')])).toEqual(['instances/eu.json not-yaml']);
  });

  it('may be none, when the folder is there', async () => {
    expect(await readDefinitionFiles(directory)).toEqual({ files: [], diagnostics: [] });
  });

  it('are an error, not none, when the folder is not there', async () => {
    rmSync(path.join(directory, 'instances'), { recursive: true });
    expect(await problemsOf()).toEqual(['instances no-instances-folder']);
    writeFileSync(path.join(directory, 'instances'), 'a file');
    expect(await problemsOf()).toEqual(['instances no-instances-folder']);
  });

  it('keep their byte order mark and line ends', async () => {
    write('instances/a.yaml', '\ufeffa: 1\r\n');
    expect((await readDefinitionFiles(directory)).files[0]?.text).toBe('\ufeffa: 1\r\n');
  });
});

describe('a file', () => {
  it('of 20 MB is refused without being read', async () => {
    truncateSync(write('instances/big.yaml'), 20 * 1024 * 1024);
    write('instances/ok.yaml');
    expect(await problemsOf()).toEqual(['instances/big.yaml file-too-large']);
    expect(await filesOf()).toEqual(['instances/ok.yaml']);
  });

  it.each([
    ['latin-1', Buffer.from('a: caf\xe9 x\n', 'latin1'), 6],
    ['UTF-16', Buffer.from('\ufeffa: 1\n', 'utf16le'), 0],
    ['a character cut off at the end', Buffer.from('a: \u20ac').subarray(0, 5), 3],
    ['half a surrogate pair', Buffer.from([0x61, 0x3a, 0x20, 0xed, 0xa0, 0x80, 0x0a]), 3],
    [
      'one bad byte after much text',
      Buffer.concat([Buffer.from('é'.repeat(5000)), Buffer.from([0xff]), Buffer.from('é')]),
      10_000,
    ],
  ])('that is not UTF-8 (%s) is refused with the place of the byte', async (_name, bytes, offset) => {
    write('instances/a.yaml', bytes);
    const { files, diagnostics } = await readDefinitionFiles(directory);
    expect(files).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'not-utf8' }]);
    expect(diagnostics[0]?.detail).toContain(`offset ${offset} `);
  });

  it('that is a pipe is refused without waiting for it', async () => {
    execFileSync('mkfifo', [path.join(directory, 'instances/pipe.yaml')]);
    expect(await problemsOf()).toEqual(['instances/pipe.yaml not-a-file']);
  });

  // The superuser may read everything.
  it.skipIf(process.getuid?.() === 0)('or folder that may not be read is an error', async () => {
    chmodSync(write('instances/a.yaml'), 0);
    chmodSync(path.dirname(write('instances/closed/b.yaml')), 0);
    expect(await problemsOf()).toEqual(['instances/closed unreadable', 'instances/a.yaml no-such-file']);
    chmodSync(path.join(directory, 'instances/closed'), 0o700);
  });
});

describe('a link', () => {
  it('to a file in the folder is read', async () => {
    write('instances/real/a.yaml', 'text');
    link('instances/b.yaml', 'real/a.yaml');
    expect((await readDefinitionFiles(directory)).files).toEqual([
      { file: 'instances/b.yaml', text: 'text' },
      { file: 'instances/real/a.yaml', text: 'text' },
    ]);
  });

  it.each([
    ['a file beside the folder', 'instances/a.yaml', '../secrets.yaml'],
    ['an absolute path', 'instances/a.yaml', '/etc/passwd'],
    ['a folder outside', 'instances/all', '../..'],
    ['a folder whose name begins alike', 'instances/b', '../instances-too'],
  ])('to %s is refused', async (_name, file, target) => {
    write('secrets.yaml');
    write('instances-too/c.yaml');
    link(file, target);
    expect(await readDefinitionFiles(directory)).toMatchObject({
      files: [],
      diagnostics: [{ code: 'symlink-outside' }],
    });
    expect(await problemsOf()).toEqual([`${file} symlink-outside`]);
  });

  it('that the folder itself is may not lead out of the workspace', async () => {
    rmSync(path.join(directory, 'instances'), { recursive: true });
    mkdirSync(path.join(parent, 'other'));
    link('instances', '../other');
    expect(await problemsOf()).toEqual(['instances symlink-outside']);
  });

  it('that leads nowhere or in a ring is an error', async () => {
    link('instances/a.yaml', 'gone.yaml');
    link('instances/b.yaml', 'c.yaml');
    link('instances/c.yaml', 'b.yaml');
    expect(await problemsOf()).toEqual([
      'instances/a.yaml no-such-file',
      'instances/b.yaml unreadable',
      'instances/c.yaml unreadable',
    ]);
  });

  it('to a folder is not followed, so that rings end and each file has one path', async () => {
    write('instances/a/x.yaml');
    write('instances/b/y.yaml');
    link('instances/a/up', '..');
    link('instances/a/b', '../b');
    link('instances/b/a', '../a');
    expect(await filesOf()).toEqual(['instances/a/x.yaml', 'instances/b/y.yaml']);
    expect(await problemsOf()).toEqual([]);
  });
});

describe('files named on the command line', () => {
  it('are the only ones read, once each', async () => {
    const a = write('instances/a.yaml');
    write('instances/b.yaml');
    write('instances/c.yaml');
    expect(await filesOf(['instances/c.yaml', a, './instances/../instances/a.yaml'])).toEqual([
      'instances/a.yaml',
      'instances/c.yaml',
    ]);
  });

  it('are found through a link to the workspace folder', async () => {
    write('instances/a.yaml');
    const other = path.join(parent, 'link');
    symlinkSync(directory, other);
    const { files, diagnostics } = await readDefinitionFiles(other, [path.join(other, 'instances/a.yaml')]);
    expect(diagnostics).toEqual([]);
    expect(files.map(({ file }) => file)).toEqual(['instances/a.yaml']);
  });

  it.each([
    ['../elsewhere.yaml', 'outside-workspace'],
    ['/etc/passwd', 'outside-workspace'],
    ['instances/gone.yaml', 'no-such-file'],
    ['instances/a.json', 'not-yaml'],
    ['instances/folder.yaml', 'not-a-file'],
    ['instances/link.yaml', 'symlink-outside'],
  ])('%s is refused', async (file, code) => {
    writeFileSync(path.join(parent, 'elsewhere.yaml'), 'a');
    write('instances/folder.yaml/x');
    write('instances/a.json');
    write('top.yaml');
    link('instances/link.yaml', '../top.yaml');
    const { files, diagnostics } = await readDefinitionFiles(directory, [file]);
    expect(files).toEqual([]);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });
});

describe('more than anybody writes', () => {
  it('is refused before it is read: links count by what they lead to', async () => {
    write('instances/large.yaml', '#'.repeat(600_000));
    link('instances/one.yaml', 'large.yaml');
    expect(await problemsOf()).toEqual([]);
    link('instances/two.yaml', 'large.yaml');
    expect(await problemsOf()).toEqual([expect.stringContaining('too-many-links')]);
    const { files } = await readDefinitionFiles(directory);
    expect(files).toEqual([]);
  });

  it('is refused by a second name for the disk too', async () => {
    write('instances/large.yaml', '#'.repeat(600_000));
    for (const name of ['one', 'two'])
      linkSync(path.join(directory, 'instances/large.yaml'), path.join(directory, `instances/${name}.yaml`));
    expect(await problemsOf()).toEqual([expect.stringContaining('too-many-links')]);
  });

  it('is refused in bytes of all files together', async () => {
    for (let index = 0; index < 65; index += 1) truncateSync(write(`instances/${index}.yaml`), 1024 * 1024);
    expect(await problemsOf()).toEqual([expect.stringContaining('too-many-bytes')]);
  });

  it('is nothing that small files under two names come to', async () => {
    write('instances/small.yaml', 'connector: sharefile\n');
    for (let index = 0; index < 50; index += 1) link(`instances/${index}.yaml`, 'small.yaml');
    expect(await problemsOf()).toEqual([]);
  });
});
