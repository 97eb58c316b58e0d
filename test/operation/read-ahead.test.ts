import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PlatformReader } from '../../src/model/platform.ts';
import { describeOwner } from '../../src/disk/lock-owner.ts';
import { readLiveLock, takeLock } from '../../src/disk/lock.ts';
import { openStateFolder, stateFileOf } from '../../src/disk/state-folder.ts';
import { apply } from '../../src/operation/apply.ts';
import { drift } from '../../src/operation/drift.ts';
import { plan, type PlanOptions } from '../../src/operation/plan.ts';
import { ahead, readAhead } from '../../src/operation/read-ahead.ts';
import { agree } from '../support/agree.ts';
import { giveWay, type OperationPorts, type OperationTarget } from '../../src/operation/operation-ports.ts';
import type { OperationResult } from '../../src/operation/result.ts';
import { operationPorts } from '../support/operation-ports.ts';
import { credentials, type PlatformOptions, remoteWorkspace, startPlatform } from '../support/platform.ts';
import { openRig } from '../support/rig.ts';
import { definitionOf } from '../support/world.ts';

const secret = 'pa55 word';
const env = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: secret };
const sound = definitionOf('One');
/** Fits the schema: only a rule finds something. */
const ruledOut = `${sound}tags: [connectorctl/acme]\n`;
const found = { kind: 'checked', diagnostics: [{ code: 'reserved-tag' }] };

type Operation = (ports: OperationPorts, target: OperationTarget, options: PlanOptions) => Promise<OperationResult>;

async function openScene(file: string, before?: PlatformOptions['before']) {
  const platform = await startPlatform({ before });
  const rig = openRig({ 'connectorctl.yaml': remoteWorkspace(platform.origin), 'instances/one.yaml': file });
  const told: string[] = [];
  const ports = operationPorts({
    cwd: rig.directory,
    env,
    secretRead: () => told.push(`secret, ${platform.requests.length} asked`),
  });
  return { platform, ports, told };
}

function lockOf({ cwd }: { readonly cwd: string }) {
  const file = stateFileOf(openStateFolder(cwd), 'apply-test.lock');
  return {
    read: () => readLiveLock(file, Date.now()),
    take: () => takeLock(file, describeOwner('other', new Date()), Date.now()),
  };
}

describe('a plan asks the platform while the definitions are checked', () => {
  it.each([
    ['plan', plan],
    ['drift', drift],
  ] as const)('and ends %s with what is wrong with them, whatever is answered', async (_name, operation) => {
    const { platform, ports } = await openScene(ruledOut);
    const result = await operation(ports, {}, {});
    expect(result).toMatchObject(found);
    expect(platform.writes()).toEqual([]);
  });

  it('and lets its answers in between them', async () => {
    const { platform, ports } = await openScene(sound);
    const many = Array.from({ length: 2_000 }, (_, index) => [`instances/${index}.yaml`, ruledOut] as const);
    const rig = openRig({ 'connectorctl.yaml': remoteWorkspace(platform.origin), ...Object.fromEntries(many) });
    expect(await plan({ ...ports, giveWay, cwd: rig.directory }, {}, {})).toMatchObject({ kind: 'checked' });
    expect(platform.requests.map(({ path }) => path.replace(/^.*\/api-v2/, ''))).toContain('/instances');
  });

  it('and where nobody answers', async () => {
    const { platform, ports } = await openScene(ruledOut);
    await platform.close();
    expect(await plan(ports, {}, {})).toMatchObject(found);
  });

  it('and where the credentials are those of another account', async () => {
    const { platform, ports } = await openScene(ruledOut);
    const workspace = remoteWorkspace(platform.origin).replace('"baseUrl"', '"account":"other","baseUrl"');
    const rig = openRig({ 'connectorctl.yaml': workspace, 'instances/one.yaml': ruledOut });
    expect(await plan({ ...ports, cwd: rig.directory }, {}, {})).toMatchObject({ kind: 'checked' });
    const right = openRig({ 'connectorctl.yaml': workspace, 'instances/one.yaml': sound });
    await expect(plan({ ...ports, cwd: right.directory }, {}, {})).rejects.toMatchObject({ code: 'other-account' });
  });

  it('once it knows every secret that must not be seen', async () => {
    const { ports, told } = await openScene(sound);
    await plan(ports, {}, {});
    expect(told[0]).toBe('secret, 0 asked');
  });

  it.each([
    ['plan', plan],
    ['drift', drift],
    ['apply', (ports, target) => apply(ports, target, { interaction: agree })],
  ] satisfies readonly [string, Operation][])(
    'but not, for %s, when a file cannot be read or does not fit the schema',
    async (_name, operation) => {
      for (const [file, code] of [
        ['name: [', 'yaml-syntax'],
        [`${sound}colour: blue\n`, 'unknown-field'],
        [`${sound}environments: test\n`, 'wrong-type'],
        ['connector: sharefile\nname: One\n', 'missing-field'],
      ]) {
        const { platform, ports } = await openScene(sound);
        // So many that others are let on in between.
        const many = Array.from({ length: 40 }, (_, index) => [`instances/${index}.yaml`, sound] as const);
        const rig = openRig({
          'connectorctl.yaml': remoteWorkspace(platform.origin),
          'instances/wrong.yaml': file ?? '',
          ...Object.fromEntries(many),
        });
        const result = await operation({ ...ports, giveWay, cwd: rig.directory }, {}, {});
        expect(result).toMatchObject({
          kind: 'checked',
          diagnostics: expect.arrayContaining([expect.objectContaining({ code })]),
        });
        expect(platform.requests).toEqual([]);
      }
    },
  );

  describe('and so does an apply', () => {
    const waiting = { interaction: agree, lockTimeout: 60_000 };

    it('that has the lock from the first request to the last', async () => {
      const held: boolean[] = [];
      const { ports } = await openScene(sound, () => void held.push(lockOf(ports).read() !== undefined));
      expect(await apply(ports, {}, waiting)).toMatchObject({ kind: 'applied' });
      expect([new Set(held), lockOf(ports).read()]).toEqual([new Set([true]), undefined]);
    });

    it('which writes nothing and lets go of the lock when something is wrong', async () => {
      const { platform, ports } = await openScene(ruledOut);
      expect(await apply(ports, {}, waiting)).toMatchObject(found);
      expect([platform.writes(), lockOf(ports).read()]).toEqual([[], undefined]);
    });

    it('but not while another has it: what is wrong is told without any waiting, or reading', async () => {
      const { platform, ports } = await openScene(ruledOut);
      lockOf(ports).take();
      expect(await apply(ports, {}, waiting)).toMatchObject(found);
      expect([platform.requests, lockOf(ports).read()?.owner?.id]).toEqual([[], 'other']);
    });

    it('which says once that no lock can be kept', async () => {
      const { ports } = await openScene(sound);
      const told: string[] = [];
      writeFileSync(`${ports.cwd}/.connectorctl`, 'no folder');
      const applied = await apply({ ...ports, notice: (text) => told.push(text) }, {}, waiting);
      expect(applied.kind).toBe('applied');
      expect(told.filter((text) => text.startsWith('No lock can be kept'))).toHaveLength(1);
    });
  });

  it('and tells an error once the definitions are found right', async () => {
    const { ports } = await openScene(sound);
    const wrong = { ...env, CONNECTORCTL_USER_SECRET: 'ofNobodyAndLongEnough' };
    await expect(plan({ ...ports, env: wrong }, {}, {})).rejects.toMatchObject({ code: 'unauthorized' });
  });
});

function aReader(answers: readonly (string | Error)[]) {
  const asked: string[] = [];
  const reader = {
    readAccount: async () => {
      const answer = answers[asked.push('account') - 1];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    listInstances: async (options: Parameters<PlatformReader['listInstances']>[0]) => {
      asked.push(`instances ${options?.tag ?? 'all'}`);
      options?.onLeftOut?.({ problem: 'it is odd' });
      options?.onUnlisted?.(2);
      return [];
    },
  };
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- of a reader only these are asked
  return { reader: reader as unknown as PlatformReader, asked };
}

describe('what was asked ahead', () => {
  it('answers the first question of its kind; every other is asked anew', async () => {
    const { reader, asked } = aReader(['first', 'second']);
    const readAccount = ahead(() => reader.readAccount());
    expect(asked).toEqual(['account']);
    expect(await readAccount()).toBe('first');
    expect(await readAccount()).toBe('second');
    expect(asked).toEqual(['account', 'account']);
  });

  it('fails where it is wanted', async () => {
    const { reader } = aReader([new Error('refused'), 'second']);
    const readAccount = ahead(() => reader.readAccount());
    await expect(readAccount()).rejects.toThrow('refused');
    expect(await readAccount()).toBe('second');
  });

  it('says of a list what whoever asks wants to be told, and is no answer to another question', async () => {
    const { reader, asked } = aReader([]);
    const asking = readAhead(reader, { instances: { maxUnlisted: 3 } });
    const told: unknown[] = [];
    await asking.listInstances({ tag: 'mine', maxUnlisted: 3 });
    await asking.listInstances({ maxUnlisted: 3, onLeftOut: (one) => told.push(one), onUnlisted: (n) => told.push(n) });
    expect(told).toEqual([{ problem: 'it is odd' }, 2]);
    await asking.listInstances({ maxUnlisted: 0 });
    expect(asked).toEqual(['instances all', 'instances mine', 'instances all']);
  });
});
