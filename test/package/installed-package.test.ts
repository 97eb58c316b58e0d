import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRig, openRig, type Rig } from '../support/rig.ts';
import { signBody } from '../../src/events/events.ts';
import { payloads, webhookPayload } from '../support/payloads.ts';
import { copyCheckout } from '../support/source-copy.ts';
import { findNode24 } from '../support/workflow-runner/node24.ts';
import { installExpress, readExamples, startExample } from './receiver-examples.ts';

const root = path.join(import.meta.dirname, '../..');
const node24 = findNode24();
const bundle = '.github/actions/connectorctl/index.mjs';

function read(folder: string, name: string): string {
  return readFileSync(path.join(folder, name), 'utf8');
}

/** Packs a plain checkout as `npm publish` does, and installs the package in a folder without a network. */
function installPackage(folder: string): void {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, npm_config_update_notifier: 'false' };
  const npm = (cwd: string, ...words: readonly string[]): void =>
    void execFileSync('npm', words, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  npm(copyCheckout(path.join(folder, 'some/other folder')), 'pack', '--pack-destination', folder);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'no tarball';
  npm(folder, 'install', '--offline', '--ignore-scripts', '--no-audit', `./${tarball}`);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => name.replaceAll(path.sep, '/'))
    .toSorted();
}

describe('the installed package', () => {
  let rig: Rig;
  beforeAll(() => {
    rig = makeRig({ 'package.json': '{ "private": true }\n' });
    installPackage(rig.directory);
  });
  afterAll(() => rig.remove());

  it('holds what it needs and nothing else, equal to what is built here, and brings no other package', () => {
    const installed = path.join(rig.directory, 'node_modules');
    expect(readdirSync(installed).filter((name) => !name.startsWith('.'))).toEqual(['connectorctl']);
    const place = path.join(installed, 'connectorctl');
    const built = [
      ...readdirSync(path.join(root, 'dist')).map((name) => `dist/${name}`),
      ...['LICENSES.txt', 'action.yml', 'index.mjs'].map((name) => `.github/actions/connectorctl/${name}`),
      ...['instance', 'output', 'plan', 'workspace'].map((name) => `schema/${name}.schema.json`),
      'LICENSE',
      'README.md',
      'package.json',
    ];
    expect(filesBelow(place)).toEqual(built.toSorted());
    const known =
      /^dist\/(?:(?:main|run|parts|find-help|undici-parts)\.js|events\.mjs|events\.d\.mts|package\.json|LICENSES\.txt|[a-z-]+-[0-9A-Z]{8}\.js)$/;
    expect(built.filter((name) => name.startsWith('dist/') && !known.test(name))).toEqual([]);
    expect(built.filter((name) => read(place, name) !== read(root, name))).toEqual([]);
    expect(read(place, 'dist/LICENSES.txt')).toMatch(/^commander \d/m);
    expect(JSON.parse(read(place, 'package.json'))).not.toHaveProperty('dependencies');
  });

  it.each(['receiver.mjs', 'app.mjs'])(
    'serves the example %s of a receiver, as it stands in the page',
    async (name) => {
      writeFileSync(path.join(rig.directory, name), readExamples().get(name) ?? '');
      installExpress(rig.directory);
      const example = await startExample(rig.directory, name, 'a key');
      const post = async (body: string, signature?: string): Promise<number> => {
        const headers = signature === undefined ? {} : { 'Elements-Webhook-Signature': signature };
        return (await fetch(example.url, { method: 'POST', headers, body })).status;
      };
      try {
        const webhook = webhookPayload(2);
        expect(await post(webhook, signBody(webhook, 'a key'))).toBe(204);
        expect(await example.nextLine()).toBe('ShareFile webhook: CREATED documents fi0');
        expect(await example.nextLine()).toBe('ShareFile webhook: UPDATED documents fi1');
        expect(await post(payloads.quickbooks, signBody(payloads.quickbooks, 'a key'))).toBe(204);
        expect(await example.nextLine()).toBe('Billing: CREATED invoices 2|0');
        expect(await post(webhook)).toBe(401);
        expect(await post('', signBody(webhook, 'a key'))).toBe(401);
        expect(await post(webhook, signBody(webhook, 'another key'))).toBe(401);
        expect(await post(webhook.replace('fi0', 'fi9'), signBody(webhook, 'a key'))).toBe(401);
        expect(await post('{}', signBody('{}', 'a key'))).toBe(400);
      } finally {
        example.process.kill();
      }
    },
  );

  it('has types for whoever imports its events, and exports nothing else', () => {
    const uses = [
      "import { type EventNotification, parseNotification, signatureHeader, verifySignature } from 'connectorctl/events';",
      "const name: 'elements-webhook-signature' = signatureHeader;",
      "const check = verifySignature(new Uint8Array(), undefined, 'a');",
      'export const why: string = check.ok ? name : check.problem;',
      "const parsed = parseNotification('');",
      'export const found: EventNotification | undefined = parsed.ok ? parsed.notification : undefined;',
      '// @ts-expect-error: there is no message where all is right',
      'export const words: string = check.message;',
      '// @ts-expect-error: a parsed body is no raw one',
      "verifySignature({}, undefined, 'a');",
    ];
    writeFileSync(path.join(rig.directory, 'uses.mts'), uses.join('\n'));
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const words = [
      compiler,
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      'uses.mts',
    ];
    expect(execFileSync(process.execPath, words, { cwd: rig.directory, encoding: 'utf8' })).toBe('');
    const script = "import('connectorctl').catch(({ code }) => console.log(code))";
    const run = execFileSync(process.execPath, ['-e', script], { cwd: rig.directory, encoding: 'utf8' });
    expect(run).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });

  it.each([
    ['the Node.js of the tests', process.execPath],
    ...('program' in node24 ? [['Node.js 24', node24.program]] : []),
  ])('sets up a workspace, checks and plans it on %s', (name, node = '') => {
    const workspace = path.join(rig.directory, name);
    mkdirSync(path.join(workspace, '.git'), { recursive: true });
    const program = path.join(rig.directory, 'node_modules/.bin/connectorctl');
    // The first line of the program asks for the first `node` on the PATH.
    const env = { PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH'] ?? ''}`, HOME: rig.directory };
    const run = (...words: readonly string[]): string =>
      execFileSync(program, words, { cwd: workspace, env, encoding: 'utf8', stdio: 'pipe' });
    const { version }: { version: string } = JSON.parse(read(root, 'package.json'));
    expect(run('--version')).toBe(`${version}\n`);
    expect(run('init', '--workspace', 'acme')).toContain(bundle);
    expect(run('validate')).toBe('1 file checked, no problems.\n');
    expect(run('plan')).toContain('Plan: 1 to create, 0 to update, 0 to delete.');
    expect(read(workspace, bundle) === read(root, bundle)).toBe(true);
  });
});

describe('a checkout without the Action', () => {
  it('is told to build it before anything is written', () => {
    const copy = copyCheckout(path.join(openRig().directory, 'checkout'));
    execFileSync(process.execPath, ['.ci/build.mjs'], { cwd: copy });
    rmSync(path.join(copy, bundle));
    const { directory } = openRig();
    const words = [path.join(copy, 'dist/main.js'), 'init'];
    const run = (): string =>
      execFileSync(process.execPath, words, { cwd: directory, encoding: 'utf8', stdio: 'pipe' });
    expect(run).toThrow(/is incomplete: .*index\.mjs is missing[\s\S]*npm run build/);
    expect(readdirSync(directory)).toEqual(['.git']);
  });
});
