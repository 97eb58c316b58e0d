import { type ChildProcess, spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';

import { sandboxCredentials } from '../../src/sandbox/sandbox.ts';
import { toClient } from '../conformance/tenant-client.ts';
import type { TenantClient } from '../conformance/tenant-client.ts';
import { secretForms } from '../support/leaks.ts';
import { cli, openRig } from '../support/rig.ts';

interface Server {
  readonly call: TenantClient;
  /** Ends it as a person would, and gives the exit code and all that stood on stderr. */
  readonly end: () => Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/** `connectorctl sandbox` as a process, ready to be asked. */
async function serve(words: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, [cli, 'sandbox', '--port', '0', ...words], { cwd: openRig().directory });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const baseUrl = await readUrl(child);
  return {
    call: toClient({ baseUrl, ...sandboxCredentials }),
    end: async () => {
      child.kill('SIGINT');
      return { code: await ended, stderr };
    },
  };
}

function readUrl({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const [, url] = /^Sandbox platform on (\S+)\n/.exec(text) ?? [];
      if (url !== undefined) resolve(url);
    });
    stdout?.on('end', () => reject(new Error(`No URL on stdout: ${text}`)));
  });
}

const body = { element: { key: 'closeio' }, name: 'One', configuration: { username: 'key' } };

it('tells on stderr every request that it spoils, and never a value of the query', async () => {
  const canary = 'c4n4ry/+="secret"';
  const { call, end } = await serve([
    '--fault',
    'lost-after times=1 on=POST:/instances',
    'error status=500 message="Try later" on=GET:/instances',
    '--fault-seed',
    'monday',
  ]);
  await expect(call('POST', '/instances', { body })).rejects.toThrow('fetch failed');
  expect((await call('POST', '/instances', { body })).status).toBe(200);
  const refused = await call('GET', `/instances?searchText=${encodeURIComponent(canary)}`);
  expect([refused.status, refused.body['message']]).toEqual([500, 'Try later']);
  expect((await call('GET', '/elements/closeio/instances')).list).toHaveLength(2);

  const { code, stderr } = await end();
  expect(stderr.split('\n')).toEqual([
    'fault lost-after  POST /instances  carried out, connection reset before the response',
    'fault error  GET /instances  not carried out, answered 500',
    '',
  ]);
  expect(code).toBe(0);
  for (const form of secretForms(canary).values()) expect(stderr).not.toContain(form);
});

it('is silent with --quiet, and ends although a request hangs and a commit is due in an hour', async () => {
  const { call, end } = await serve([
    '--quiet',
    '--fault',
    'slow-commit ms=3600000 on=POST:/instances answer=timeout',
    'hang on=GET',
  ]);
  expect((await call('POST', '/instances', { body })).status).toBe(504);
  const [hanging, ended] = await Promise.allSettled([call('GET', '/instances'), end()]);
  expect(hanging.status).toBe('rejected');
  expect(ended).toMatchObject({ value: { code: 0, stderr: '' } });
});

it('ends with 3 and every mistake before it serves', async () => {
  const { code, stdout, stderr } = await openRig().run(['sandbox', '--fault', 'lost-aftr', 'latency ms=x']);
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).toContain('There are 2 errors in --fault.');
  expect(stderr).toContain('There is no kind of fault `lost-aftr`. Did you mean `lost-after`?');
  expect(stderr).toContain('`latency ms=x`: ms must be a number');
  expect(stderr).toMatch(/Kinds: latency, rate-limit, .*list-lag, .*other-user\./);
});

it('explains the kinds in its help', async () => {
  const { code, stdout } = await openRig().run(['sandbox', '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('carries out the request, then resets the connection before the response');
});
