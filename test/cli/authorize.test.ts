import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { openBrowser } from '../../src/cli/open-browser.ts';
import { asLoopback, listenForAnswer } from '../../src/cli/callback-server.ts';
import { liveOf, openConsent } from '../support/consent-seat.ts';
import { appSecret, consentAt, freePort, sharefileOf } from '../support/consent.ts';
import { type HostedEnd, runHosted } from '../support/cli-host.ts';
import { initRepository } from '../support/git.ts';
import type { HostileWorld } from '../support/hostile-world.ts';
import { secretForms } from '../support/leaks.ts';
import { compileSchema, faultsOf } from '../support/schemas.ts';

const schema = compileSchema('output');

function cli({ rig, env }: HostileWorld, stdin: string | undefined, ...words: readonly string[]): Promise<HostedEnd> {
  return runHosted(['authorize', ...words], { cwd: rig.directory, env, stdin });
}

/** Runs the command, and has a person agree as soon as an address is shown. */
async function withPerson(
  { rig, env }: HostileWorld,
  words: readonly string[],
  act: (url: string) => Promise<unknown>,
): Promise<HostedEnd> {
  const acts: Promise<unknown>[] = [];
  const end = await runHosted(['authorize', ...words], {
    cwd: rig.directory,
    env,
    onError: (text) => {
      const [url] = /http:\S+\/provider\/\S+/.exec(text) ?? [];
      if (url !== undefined) acts.push(act(url));
    },
  });
  await Promise.all(acts);
  return end;
}

async function openLoopback(): Promise<{ readonly world: HostileWorld; readonly callback: string }> {
  const callback = `http://127.0.0.1:${await freePort()}/oauth`;
  return { callback, world: await openConsent({ files: { 'docs.yaml': sharefileOf('Docs', '', callback) } }) };
}

describe('authorize with a callback on this machine', () => {
  it('waits for the one answer, creates the instance, and shows no secret on the way', async () => {
    const { world, callback } = await openLoopback();
    const seen: { address?: URL } = {};
    const end = await withPerson(world, ['docs', '--verbose', '--record', 'run.jsonl'], async (url) => {
      // What else a browser asks for is no answer.
      for (const other of ['/favicon.ico', '/oauth', '/oauth/x?code=1', '/oauth?state=x']) {
        expect((await fetch(new URL(other, callback))).status).toBe(404);
      }
      seen.address = await consentAt(url);
      const page = await fetch(seen.address);
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    });
    expect(end).toMatchObject({ code: 0 });
    expect(end.stdout).toMatch(/✓ +docs +created/);
    expect(liveOf(world).name).toBe('Docs');
    await expect(fetch(callback)).rejects.toThrow('fetch failed');

    const record = readFileSync(path.join(world.rig.directory, 'run.jsonl'), 'utf8');
    expect(record).toContain('run-ended');
    const code = seen.address?.searchParams.get('code') ?? '';
    const { token, configuration } = liveOf(world);
    const secrets = [code, token, String(configuration['oauth.user.token']), ...Object.values(appSecret)];
    expect(secrets.every((secret) => secret.length > 8)).toBe(true);
    for (const secret of [...secrets, world.env['CONNECTORCTL_USER_SECRET'] ?? '']) {
      for (const form of secretForms(secret).values()) expect(end.stdout + end.stderr + record).not.toContain(form);
    }
  });

  it.skipIf(process.platform !== 'linux')(
    'tells no other program a secret: the list of processes is for all',
    async () => {
      const { world } = await openLoopback();
      initRepository(world.rig.directory);
      const tools = mkdtempSync(path.join(tmpdir(), 'connectorctl-tools-'));
      onTestFinished(() => rmSync(tools, { recursive: true, force: true }));
      const log = path.join(tools, 'started.txt');
      for (const name of ['git', 'xdg-open']) {
        const next = name === 'git' ? `exec ${execFileSync('which', ['git'], { encoding: 'utf8' }).trim()} "$@"` : '';
        writeFileSync(path.join(tools, name), `#!/bin/sh\necho ${name} "$@" >> ${log}\n${next}\n`, { mode: 0o755 });
      }
      const PATH = `${tools}:${process.env['PATH'] ?? ''}`;
      vi.stubEnv('PATH', PATH);
      onTestFinished(() => void vi.unstubAllEnvs());
      const env = { ...world.env, PATH, DISPLAY: ':0' };
      const end = await withPerson({ ...world, env }, ['docs'], async (url) => {
        expect(openBrowser(url, { env })).toBe(true);
        return fetch(await consentAt(url));
      });
      expect(end).toMatchObject({ code: 0 });
      const offline = ['plan', '--offline', '--base', 'HEAD'];
      expect(await runHosted(offline, { cwd: world.rig.directory, env })).toMatchObject({ code: 0 });

      await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain('xdg-open http'));
      const started = readFileSync(log, 'utf8');
      expect(started).toContain('git ');
      const { token, configuration } = liveOf(world);
      const { CONNECTORCTL_USER_SECRET: user = '', CONNECTORCTL_ORGANIZATION_SECRET: organization = '' } = world.env;
      const secrets = [
        token,
        String(configuration['oauth.user.token']),
        user,
        organization,
        ...Object.values(appSecret),
      ];
      const leaked = secrets.filter((one) => [...secretForms(one).values()].some((form) => started.includes(form)));
      expect(leaked).toEqual([]);
    },
  );

  it('ends clearly where a person denies, and where nobody answers in time', async () => {
    const { world } = await openLoopback();
    const denied = await withPerson(world, ['docs', '--format', 'json'], async (url) =>
      fetch(await consentAt(url, 'deny')),
    );
    expect(denied.code).toBe(1);
    expect(JSON.parse(denied.stdout)).toMatchObject({
      command: 'authorize',
      exitCode: 1,
      error: { code: 'consent-denied' },
    });
    const late = await cli(world, undefined, 'docs', '--timeout', '0');
    expect(late.code).toBe(1);
    expect(late.stderr).toContain('Nobody agreed at the provider in time.');
    expect(world.platform.writes()).toEqual([]);
  });

  it('--all asks for one after the other, and one that is denied keeps no other one from being made', async () => {
    const callback = `http://127.0.0.1:${await freePort()}/oauth`;
    const files = { 'a.yaml': sharefileOf('A', '', callback), 'b.yaml': sharefileOf('B', '', callback) };
    const egnyte = sharefileOf('C', '', callback)
      .replace('sharefile', 'egnyte')
      .replace(/.*sharefile.subdomain.*\n/, '');
    const world = await openConsent({ files: { ...files, 'c.yaml': egnyte } });
    const decisions = ['deny', 'allow'] as const;
    let turn = 0;
    const end = await withPerson(world, ['--all'], async (url) =>
      fetch(await consentAt(url, decisions[turn++] ?? 'deny')),
    );
    expect(end.code).toBe(5);
    expect(end.stdout).toMatch(/✗ +c +authorize failed/);
    expect(end.stdout).toContain('subdomain has no value');
    expect(end.stdout).toMatch(/✗ +a +authorize failed/);
    expect(world.names()).toEqual(['B']);
  });
});

describe('authorize without anybody at a terminal', () => {
  it('prints where to consent and how to go on, and takes the answer from standard input', async () => {
    const world = await openConsent();
    const shown = await cli(world, undefined, 'docs', '--format', 'json');
    expect(faultsOf(schema, JSON.parse(shown.stdout))).toEqual([]);
    expect(JSON.parse(shown.stdout)).toMatchObject({ requests: [{ key: 'docs', purpose: 'create' }], unasked: [] });
    const asked = await cli(world, undefined, 'docs');
    expect(asked.code).toBe(5);
    const [url = ''] = /http:\S+\/provider\/\S+/.exec(asked.stdout) ?? [];
    expect(asked.stdout).toContain('connectorctl authorize --env test docs --redirect -');
    const address = String(await consentAt(url));
    const done = await cli(world, `${address}\n`, 'docs', '--redirect', '-', '--format', 'json');
    expect(JSON.parse(done.stdout)).toMatchObject({ exitCode: 0, result: { summary: { succeeded: 1 } } });
    expect(done.stdout).not.toContain(new URL(address).searchParams.get('code') ?? '');
    expect(faultsOf(schema, JSON.parse(done.stdout))).toEqual([]);
    const none = await cli(world, undefined, '--all', '--format', 'json');
    expect(faultsOf(schema, JSON.parse(none.stdout))).toEqual([]);
    expect(JSON.parse(none.stdout)).toMatchObject({ command: 'authorize', exitCode: 0, requests: [], unasked: [] });
  });

  it('shows no QR code, and says so', async () => {
    const { world } = await openLoopback();
    const end = await cli(world, undefined, 'docs', '--qr', '--timeout', '1s');
    expect(end.stderr).toContain('No QR code: nobody looks at a terminal.');
    expect(end.stderr).toContain('Waiting up to 1 s for the answer.');
    expect(end.stderr).not.toMatch(/[▀▄█]/);
  });

  it.each([['docs'], ['--all']])('of OAuth 1 promises no second step that cannot work, with %s', async (word) => {
    const shop = sharefileOf('Docs')
      .replace('connector: sharefile', 'connector: magento')
      .replace(/ *sharefile.*\n/, '  store.url: https://shop.example.com\n');
    const world = await openConsent({ files: { 'docs.yaml': shop } });
    const end = await cli(world, undefined, word);
    expect(end.code).toBe(5);
    expect(end.stdout).not.toContain('--redirect');
    expect(end.stdout).not.toContain('/provider/');
    expect(end.stdout).toContain('OAuth 1 needs a run that waits');
    expect(end.stdout).toContain('connectorctl authorize --env test docs\n');
    const json = JSON.parse((await cli(world, undefined, word, '--format', 'json')).stdout);
    expect(faultsOf(schema, json)).toEqual([]);
    expect(json).toMatchObject({ exitCode: 5, requests: [], unasked: [{ key: 'docs' }] });
  });

  it.each([
    [[], 'No definition was named.'],
    [['docs', '--all'], '--all cannot be combined with a key.'],
    [['docs', '--redirect', 'https://app.example.com/oauth?code=canary-1234'], 'The address cannot be an argument'],
    [['--all', '--redirect', '-'], '--redirect cannot be combined with --all.'],
    [['docks'], 'Did you mean `docs`?'],
    [['docs', '--redirect', '-'], 'Standard input holds no address.'],
  ])('%j is refused', async (words, said) => {
    const world = await openConsent();
    const end = await cli(world, undefined, ...words);
    expect(end.code).toBe(3);
    expect(end.stderr).toContain(said);
    expect(end.stderr).not.toContain('canary-1234');
    expect(world.platform.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});

describe('the callback server', () => {
  it('is for this machine and a named port only', () => {
    const here = ['http://127.0.0.1:8080/x', 'http://localhost:8080', 'http://[::1]:8080/'];
    expect(here.map((url) => asLoopback(url)?.href)).toEqual(here.map((url) => new URL(url).href));
    const away = [
      'https://127.0.0.1:8080/x',
      'http://127.0.0.1/x',
      'http://10.0.0.1:8080/',
      'http://localhost.evil.example:80/',
      'x',
      undefined,
    ];
    expect(away.map(asLoopback)).toEqual(away.map(() => undefined));
  });

  it('lets nobody in by another name, or with another method, and takes one answer only', async () => {
    const callback = new URL(`http://localhost:${await freePort()}/oauth`);
    const server = await listenForAnswer({ callback, timeout: 60_000 });
    const at = `http://127.0.0.1:${callback.port}/oauth?code=1`;
    expect((await fetch(at)).status).toBe(404);
    const named = at.replace('127.0.0.1', 'localhost');
    expect((await fetch(named, { method: 'POST' })).status).toBe(404);
    expect((await fetch(named)).status).toBe(200);
    const answer = await server.answer;
    expect([answer instanceof Secret, answer.equals(named)]).toEqual([true, true]);
    await expect(fetch(named)).rejects.toThrow('fetch failed');
  });

  it('says that its port is taken, and ends with its signal', async () => {
    const callback = new URL(`http://127.0.0.1:${await freePort()}/oauth`);
    const stop = new AbortController();
    const server = await listenForAnswer({ callback, timeout: 60_000, signal: stop.signal });
    await expect(listenForAnswer({ callback, timeout: 60_000 })).rejects.toMatchObject({ code: 'callback-taken' });
    stop.abort();
    await expect(server.answer).rejects.toMatchObject({ code: 'interrupted' });
  });
});
