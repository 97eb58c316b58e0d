import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/sandbox.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { SandboxState } from '../../src/sandbox/state/sandbox-state.ts';
import { openSandbox, sharefileBody } from './open-sandbox.ts';

function temporaryFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, '.connectorctl', 'sandbox.jsonl');
}

function seed(sandbox: Sandbox, name: string): number {
  return sandbox.seed({ connector: 'closeio', name, configuration: { username: 'key' } }).id;
}

async function fillAndClose(dataFile: string, work: (sandbox: Sandbox) => void): Promise<void> {
  const sandbox = await startSandbox({ dataFile });
  work(sandbox);
  await sandbox.close();
}

describe('the data file', () => {
  it('keeps instances, tokens, ids and spent codes across a restart', async () => {
    const dataFile = temporaryFile();
    const first = await openSandbox({ dataFile, seed: 'own' });
    const made = (await first.call('POST', '/instances', { body: sharefileBody() })).body;
    const gone = seed(first.sandbox, 'Gone');
    first.sandbox.remove(gone);
    await first.sandbox.close();

    const second = await openSandbox({ dataFile });
    expect((await second.call('GET', `/instances/${String(made['id'])}`)).body).toEqual(made);
    expect((await second.call('GET', '/instances', { token: String(made['token']) })).body).toEqual(made);
    expect((await second.call('GET', `/instances/${gone}`)).status).toBe(404);
    expect(seed(second.sandbox, 'Next')).toBeGreaterThan(gone);
    expect((await second.call('POST', '/instances', { body: sharefileBody() })).status).toBe(400);
  });

  it('is for its owner only', async () => {
    const dataFile = temporaryFile();
    await fillAndClose(dataFile, (sandbox) => seed(sandbox, 'One'));
    expect(statSync(dataFile).mode & 0o777).toBe(0o600);
  });

  it('grows by a line with each write, and is compacted at the next start', async () => {
    const dataFile = temporaryFile();
    await fillAndClose(dataFile, (sandbox) => {
      const id = seed(sandbox, 'One');
      for (let turn = 0; turn < 200; turn += 1) sandbox.change(id, { name: `Name ${turn}` });
    });
    const grown = readFileSync(dataFile, 'utf8').split('\n').length;
    await fillAndClose(dataFile, (sandbox) => expect(sandbox.instances()[0]?.name).toBe('Name 199'));
    expect(grown).toBeGreaterThan(200);
    expect(readFileSync(dataFile, 'utf8').split('\n').length).toBe(3);
  });

  it('keeps ids and spent codes when it is compacted', async () => {
    const dataFile = temporaryFile();
    const first = await openSandbox({ dataFile });
    await first.call('POST', '/instances', { body: sharefileBody() });
    const last = seed(first.sandbox, 'Last');
    for (const { id } of first.sandbox.instances()) first.sandbox.remove(id);
    await first.sandbox.close();
    appendFileSync(dataFile, '{"op":"put","insta');
    await fillAndClose(dataFile, () => undefined);

    const second = await openSandbox({ dataFile });
    expect((await second.call('POST', '/instances', { body: sharefileBody() })).status).toBe(400);
    expect(seed(second.sandbox, 'Next')).toBe(last + 1);
  });

  it('ignores a torn last line and writes on behind it', async () => {
    const dataFile = temporaryFile();
    await fillAndClose(dataFile, (sandbox) => seed(sandbox, 'One'));
    appendFileSync(dataFile, '{"op":"put","instance":{"id":99');
    await fillAndClose(dataFile, (sandbox) => seed(sandbox, 'Two'));
    await fillAndClose(dataFile, (sandbox) =>
      expect(sandbox.instances().map(({ name }) => name)).toEqual(['One', 'Two']),
    );
  });

  it('is readable after a kill at any moment: every prefix of it holds the writes that were finished', () => {
    const file = temporaryFile();
    const state = new SandboxState({ file, now: () => 0, seed: 'x' });
    const names = ['One', 'Zwei ä', 'Three'];
    const ends: number[] = [statSync(file).size];
    for (const [id, name] of names.entries()) {
      state.commit({
        op: 'formula',
        formula: { id, name, formulaId: 1, formulaName: 'F', active: true, configuration: {} },
      });
      ends.push(statSync(file).size);
    }
    state.close();
    const whole = readFileSync(file);
    const [start = 0] = ends;
    fc.assert(
      fc.property(fc.integer({ min: start, max: whole.length }), (length) => {
        writeFileSync(file, whole.subarray(0, length));
        const reopened = new SandboxState({ file, now: () => 0, seed: 'x' });
        const read = [...reopened.formulas].map(({ name }) => name);
        reopened.close();
        expect(read).toEqual(names.slice(0, ends.filter((end) => end <= length).length - 1));
      }),
    );
  });

  it('says what the disk refuses', async () => {
    const folder = path.dirname(path.dirname(temporaryFile()));
    writeFileSync(path.join(folder, 'file'), '');
    const dataFile = path.join(folder, 'file', 'data.json');
    await expect(startSandbox({ dataFile })).rejects.toMatchObject({
      code: 'sandbox-file-unusable',
      message: expect.stringMatching(/ENOTDIR|EEXIST/),
    });
  });

  it('names the damaged line when it is not the last one', async () => {
    const dataFile = temporaryFile();
    await fillAndClose(dataFile, (sandbox) => seed(sandbox, 'One'));
    appendFileSync(dataFile, 'not a record\n');
    await expect(startSandbox({ dataFile })).rejects.toMatchObject({
      code: 'sandbox-file-damaged',
      message: expect.stringContaining('Line 3'),
    });
    // The failed start gave the file back.
    await expect(startSandbox({ dataFile })).rejects.toMatchObject({ code: 'sandbox-file-damaged' });
  });

  it('does not take a file that it did not write', async () => {
    const dataFile = temporaryFile();
    await fillAndClose(dataFile, () => undefined);
    writeFileSync(dataFile, '{"op":"start","version":2}\n');
    await expect(startSandbox({ dataFile })).rejects.toMatchObject({ code: 'sandbox-file-unknown' });
  });

  it('is written by one sandbox at a time', async () => {
    const dataFile = temporaryFile();
    const { sandbox } = await openSandbox({ dataFile });
    await expect(startSandbox({ dataFile })).rejects.toMatchObject({ code: 'sandbox-file-in-use' });
    await sandbox.close();
    await fillAndClose(dataFile, (next) => seed(next, 'One'));
  });

  it('takes over the lock of a process that is gone, and not that of one that lives', async () => {
    const dataFile = temporaryFile();
    await fillAndClose(dataFile, () => undefined);
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(`${dataFile}.lock`, String(process.ppid), { mode: 0o600 });
    await expect(startSandbox({ dataFile })).rejects.toMatchObject({ code: 'sandbox-file-in-use' });
    writeFileSync(`${dataFile}.lock`, String(dead));
    await fillAndClose(dataFile, (sandbox) => seed(sandbox, 'One'));
  });
});

describe('the server', () => {
  it('listens on the loopback address, on a free port unless told otherwise', async () => {
    const { sandbox } = await openSandbox();
    expect(sandbox.url).toBe(`http://127.0.0.1:${sandbox.port}/elements/api-v2`);
    await expect(startSandbox({ port: sandbox.port })).rejects.toMatchObject({ code: 'sandbox-port-unavailable' });
  });

  it('gives the data file back when it cannot listen', async () => {
    const dataFile = temporaryFile();
    const { sandbox } = await openSandbox();
    await expect(startSandbox({ port: sandbox.port, dataFile })).rejects.toMatchObject({ kind: 'failed' });
    await fillAndClose(dataFile, () => undefined);
  });
});
