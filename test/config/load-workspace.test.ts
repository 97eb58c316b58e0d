import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { loadWorkspace, selectEnvironment } from '../../src/config/load-workspace.ts';
import type { Workspace } from '../../src/model/environment.ts';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'connectorctl-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, content: string | Uint8Array = ''): string {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
}

function load(folder = '', configFile?: string) {
  const cwd = path.join(root, folder);
  return loadWorkspace({ cwd, configFile });
}

async function workspaceOf(text: string): Promise<Workspace> {
  write('connectorctl.yaml', text);
  const loaded = await load();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  return loaded.value;
}

async function problemsOf(text: string | Uint8Array): Promise<readonly string[]> {
  write('connectorctl.yaml', text);
  const { ok, diagnostics } = await load();
  expect(ok).toBe(false);
  return diagnostics.map(({ code, at }) => `${at?.line}:${at?.column} ${code}`);
}

const small = 'version: 1\nworkspace: acme\nenvironments:\n  sandbox:\n    platform: sandbox\n';

describe('a workspace file', () => {
  it('gives every setting', async () => {
    const workspace = await workspaceOf(`version: 1
workspace: acme-integrations
defaultEnvironment: production
environments:
  sandbox: { platform: sandbox }
  production:
    baseUrl: https://api.openconnectors.eu10.ext.hana.ondemand.com/elements/api-v2
    vars: { callbackHost: hooks.example.com, port: 8080, ratio: 1.10, on: true }
    prune: true
    limits: { maxDelete: 0, maxDeletePercent: 10, maxChangePercent: 50, maxTagLength: 255 }
`);
    expect(workspace).toMatchObject({
      name: 'acme-integrations',
      directory: root,
      file: 'connectorctl.yaml',
      defaultEnvironment: 'production',
    });
    expect([...workspace.environments.values()]).toEqual([
      {
        name: 'sandbox',
        platform: 'sandbox',
        vars: {},
        prune: false,
        limits: { maxDelete: 5, maxDeletePercent: 30, maxChangePercent: 100, maxTagLength: 255 },
      },
      {
        name: 'production',
        platform: 'remote',
        baseUrl: 'https://api.openconnectors.eu10.ext.hana.ondemand.com/elements/api-v2',
        vars: { callbackHost: 'hooks.example.com', port: '8080', ratio: '1.10', on: 'true' },
        prune: true,
        limits: { maxDelete: 0, maxDeletePercent: 10, maxChangePercent: 50, maxTagLength: 255 },
      },
    ]);
    expect(workspace.at('/environments/production/baseUrl')).toMatchObject({
      file: 'connectorctl.yaml',
      line: 7,
      column: 14,
    });
  });

  it('may be JSON', async () => {
    write(
      'connectorctl.json',
      '{"$schema": "x", "version": 1, "workspace": "a", "environments": {"s": {"platform": "sandbox"}}}',
    );
    expect(await load()).toMatchObject({ ok: true, value: { name: 'a', file: 'connectorctl.json' } });
  });
});

describe('the search', () => {
  it('goes up to the root of the repository', async () => {
    mkdirSync(path.join(root, 'repository/.git'), { recursive: true });
    mkdirSync(path.join(root, 'repository/a/b'), { recursive: true });
    write('repository/connectorctl.yaml', small);
    expect(await load('repository/a/b')).toMatchObject({
      ok: true,
      value: { directory: path.join(root, 'repository') },
    });
    write('repository/a/connectorctl.yml', small);
    expect(await load('repository/a/b')).toMatchObject({
      ok: true,
      value: { directory: path.join(root, 'repository/a') },
    });
  });

  it('never goes above it', async () => {
    write('connectorctl.yaml', small);
    mkdirSync(path.join(root, 'repository/a'), { recursive: true });
    write('repository/.git', 'gitdir: elsewhere');
    const { ok, diagnostics } = await load('repository/a');
    expect(ok).toBe(false);
    expect(diagnostics).toMatchObject([{ code: 'no-workspace' }]);
    expect(diagnostics[0]?.hint).toContain('connectorctl init');
  });

  it('looks into no parent outside a repository', async () => {
    write('connectorctl.yaml', small);
    mkdirSync(path.join(root, 'a'));
    expect(await load('a')).toMatchObject({ ok: false, diagnostics: [{ code: 'no-workspace' }] });
    expect(await load('')).toMatchObject({ ok: true });
  });

  it('does not pass over a file that cannot be used', async () => {
    write('connectorctl.json', '{}');
    mkdirSync(path.join(root, 'connectorctl.yaml'));
    expect(await load()).toMatchObject({ ok: false, diagnostics: [{ code: 'not-a-file' }] });
  });

  it('is replaced by the file that was named', async () => {
    write('connectorctl.yaml', 'not: used');
    const named = write('other/staging.yml', small);
    expect(await load('', 'other/staging.yml')).toMatchObject({
      ok: true,
      value: { directory: path.join(root, 'other'), file: 'staging.yml' },
    });
    expect(await load('other', named)).toMatchObject({ ok: true });
    expect(await load('', 'gone.yaml')).toMatchObject({ ok: false, diagnostics: [{ code: 'unreadable' }] });
    expect(await load('', 'gone.js')).toMatchObject({ ok: false, diagnostics: [{ code: 'not-yaml' }] });
  });
});

describe('a hostile workspace file', () => {
  it.each([
    ['too large', '# '.padEnd(1024 * 1024 + 1, 'x'), '1:1 file-too-large'],
    ['deeply nested', '['.repeat(100_000), '1:65 yaml-too-deep'],
    ['with NUL', 'version: 1\0', '1:11 control-character'],
    ['not UTF-8', Buffer.from('version: \xe9', 'latin1'), '1:1 not-utf8'],
    ['with a tag', 'version: !!js/undefined 1', '1:25 yaml-tag'],
    ['empty', '  \n', '1:1 empty-workspace'],
    ['of comments', '# only\n', '1:1 empty-workspace'],
    ['of two documents', `${small}---\n${small}`, '7:1 several-documents'],
    ['of one text', 'hello', '1:1 wrong-type'],
    ['that is a list', '- a', '1:1 wrong-type'],
  ])('is refused when it is %s', async (_name, content, problem) => {
    expect(await problemsOf(content)).toEqual([problem]);
  });

  it('is not read when it was named and is a link out of the repository, or lies behind one', async () => {
    mkdirSync(path.join(root, 'repository/.git'), { recursive: true });
    mkdirSync(path.join(root, 'other/.git'), { recursive: true });
    write('other/elsewhere.yaml', small);
    symlinkSync('../other/elsewhere.yaml', path.join(root, 'repository/named.yaml'));
    symlinkSync('../other', path.join(root, 'repository/folder'));
    const cwd = path.join(root, 'repository');
    for (const configFile of ['named.yaml', 'folder/elsewhere.yaml', path.join(cwd, 'named.yaml')]) {
      expect(await loadWorkspace({ cwd, configFile })).toMatchObject({
        ok: false,
        diagnostics: [{ code: 'symlink-outside' }],
      });
    }
    // Named as it is, it is the user's own choice.
    expect(await loadWorkspace({ cwd, configFile: '../other/elsewhere.yaml' })).toMatchObject({ ok: true });
  });

  it('is not read when it is a link out of the repository, a device, a pipe or of 20 MB', async () => {
    mkdirSync(path.join(root, 'repository/.git'), { recursive: true });
    const file = path.join(root, 'repository/connectorctl.yaml');
    write('elsewhere.yaml', small);
    symlinkSync('../elsewhere.yaml', file);
    expect(await load('repository')).toMatchObject({ ok: false, diagnostics: [{ code: 'symlink-outside' }] });

    rmSync(file);
    symlinkSync('/dev/zero', file);
    expect(await load('repository')).toMatchObject({ ok: false, diagnostics: [{ code: 'not-a-file' }] });

    rmSync(file);
    symlinkSync('gone.yaml', file);
    expect(await load('repository')).toMatchObject({ ok: false, diagnostics: [{ code: 'unreadable' }] });

    rmSync(file);
    execFileSync('mkfifo', [file]);
    expect(await load('repository')).toMatchObject({ ok: false, diagnostics: [{ code: 'not-a-file' }] });

    rmSync(file);
    truncateSync(write('repository/connectorctl.yaml'), 20 * 1024 * 1024);
    expect(await load('repository')).toMatchObject({ ok: false, diagnostics: [{ code: 'file-too-large' }] });
  });
});

describe('what is wrong', () => {
  it('is told all at once, each with its place', async () => {
    expect(
      await problemsOf(`version: 2
workspace: Acme/Integrations
defaultEnvironment: prodution
enviroments: {}
environments:
  production:
    baseURL: https://api.cloud-elements.com
    platform: sandbox
    baseUrl: https://api.cloud-elements.com
    prune: yes
    limits: { maxDelete: 1.5, maxDeletePercent: 101, maxDeletes: 1 }
  neither: {}
  nothing:
  other: { platform: real }
  a/b: { platform: sandbox }
  url: { baseUrl: api.cloud-elements.com }
  ftp: { baseUrl: "ftp://api.cloud-elements.com" }
  query: { baseUrl: "https://api.cloud-elements.com?x=1" }
  vars: { platform: sandbox, vars: { a-b: x, list: [], none: null, ref: "\${{ vars.x }}" } }
`),
    ).toEqual([
      '1:10 unsupported-version',
      '2:12 wrong-type',
      '3:21 unknown-environment',
      '4:1 unknown-field',
      '7:5 unknown-field',
      '7:5 platform-or-base-url',
      '10:12 wrong-type',
      '11:26 wrong-type',
      '11:49 wrong-type',
      '11:54 unknown-field',
      '12:12 platform-or-base-url',
      '13:11 wrong-type',
      '14:22 wrong-type',
      '15:3 bad-environment-name',
      '16:19 wrong-type',
      '17:19 wrong-type',
      '18:21 wrong-type',
      '19:38 bad-variable-name',
      '19:52 wrong-type',
      '19:62 wrong-type',
      '19:73 reference-in-variable',
    ]);
  });

  it('names what is missing', async () => {
    write('connectorctl.yaml', '{}');
    expect((await load()).diagnostics.map(({ detail }) => detail)).toEqual([
      'The workspace file needs `version`.',
      'The workspace file needs `workspace`.',
      'The workspace file needs `environments`.',
    ]);
  });

  it('names the field that was probably meant', async () => {
    write('connectorctl.yaml', `${small}    limits: { maxDeletes: 1 }\n    Vars: {}\n    something: 1\n`);
    expect((await load()).diagnostics.map(({ hint }) => hint)).toEqual([
      'Did you mean `maxDelete`?',
      'Did you mean `vars`?',
      'Remove it, or correct its name.',
    ]);
  });

  it.each([
    ['userSecret: hunter2', '6:5 credential-in-workspace'],
    ['organizationSecret: hunter2', '6:5 credential-in-workspace'],
    ['password: hunter2', '6:5 credential-in-workspace'],
    ['Authorization: User hunter2', '6:5 credential-in-workspace'],
    ['vars: { user_secret: hunter2 }', '6:13 credential-in-workspace'],
    ['vars: { orgSecret: hunter2 }', '6:13 credential-in-workspace'],
  ])('includes the credential %s, without showing it', async (field, problem) => {
    expect(await problemsOf(`${small}    ${field}\n`)).toEqual([problem]);
    expect(JSON.stringify(await load())).not.toContain('hunter2');
  });

  it('includes credentials in the address, without showing them', async () => {
    const text = small.replace('platform: sandbox', 'baseUrl: https://me:hunter2@api.cloud-elements.com');
    expect(await problemsOf(text)).toEqual(['5:14 credential-in-workspace']);
    expect(JSON.stringify(await load())).not.toContain('hunter2');
  });

  it('includes an import, which is not followed', async () => {
    write('base.yaml', small);
    expect(await problemsOf(`$import: ./base.yaml\n${small}`)).toEqual(['1:1 unknown-field']);
  });
});

describe('selectEnvironment', () => {
  const two = `${small}  production: { baseUrl: "https://api.cloud-elements.com" }\n`;

  it('takes the one that was named', async () => {
    expect(selectEnvironment(await workspaceOf(two), 'production')).toMatchObject({
      ok: true,
      value: { name: 'production' },
    });
  });

  it('takes the default one, or the only one', async () => {
    expect(selectEnvironment(await workspaceOf(`defaultEnvironment: production\n${two}`))).toMatchObject({
      ok: true,
      value: { name: 'production' },
    });
    expect(selectEnvironment(await workspaceOf(small))).toMatchObject({ ok: true, value: { name: 'sandbox' } });
  });

  it('never guesses', async () => {
    const workspace = await workspaceOf(two);
    expect(selectEnvironment(workspace)).toMatchObject({ ok: false, diagnostics: [{ code: 'no-environment' }] });
    expect(selectEnvironment(workspace, 'prodution')).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'unknown-environment', hint: 'Did you mean `production`?' }],
    });
  });
});

const of = (environments: string) => `version: 1\nworkspace: acme\nenvironments:\n${environments}`;

describe('names of environments', () => {
  it('give the name that one had before', async () => {
    const { environments } = await workspaceOf(of('  live: { platform: sandbox, renamedFrom: prod }\n'));
    expect(environments.get('live')?.renamedFrom).toBe('prod');
  });

  it('are named by what they were renamed to, where the former one is still in use', async () => {
    const workspace = await workspaceOf(
      of('  live: { platform: sandbox, renamedFrom: prod }\n  pro: { platform: sandbox }\n'),
    );
    const hint = 'Did you mean `live`, which was renamed from `prod`?';
    expect(selectEnvironment(workspace, 'prod')).toMatchObject({
      diagnostics: [{ code: 'unknown-environment', hint }],
    });
  });

  it('that differ in case only are refused', async () => {
    expect(await problemsOf(of('  prod: { platform: sandbox }\n  Prod: { platform: sandbox }\n'))).toEqual([
      '5:3 environments-alike',
    ]);
  });

  it.each([
    ['is its own', '  prod: { platform: sandbox, renamedFrom: prod }\n', ['4:43 renamed-from-taken']],
    [
      'is still there',
      '  prod: { platform: sandbox }\n  live: { platform: sandbox, renamedFrom: Prod }\n',
      ['5:43 renamed-from-taken'],
    ],
    [
      'was that of two',
      '  one: { platform: sandbox, renamedFrom: old }\n  two: { platform: sandbox, renamedFrom: old }\n',
      ['5:42 renamed-from-taken'],
    ],
    ['could be no name', '  one: { platform: sandbox, renamedFrom: a/b }\n', ['4:42 wrong-type']],
  ])('are refused as a former name that %s', async (_, environments, problems) => {
    expect(await problemsOf(of(environments))).toEqual(problems);
  });
});
