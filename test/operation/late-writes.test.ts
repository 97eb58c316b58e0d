import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../../src/sandbox/faults/fault-rule.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { crashWorkspace } from '../support/crash-scenario.ts';
import { applyHere, planHere } from '../support/operate.ts';
import { credentials } from '../support/platform.ts';
import { openRig } from '../support/rig.ts';
import { allSettled, virtualTime } from '../support/virtual-time.ts';
import { definitionOf } from '../support/world.ts';

/** What a list shows is not what the answer showed, so that the memory is written again after the first write. */
const respelt: FaultRule = { kind: 'normalise-on-read', form: 'mask' };

describe('a write that was not answered clearly and is carried out late', () => {
  it.each(['lost', 'timeout'] as const)('undoes nothing that was written after it (%s)', async (answer) => {
    const time = virtualTime(allSettled);
    const sandbox = await startSandbox({ clock: time.date, sleep: time.sleep });
    try {
      const { directory } = openRig({
        'connectorctl.yaml': crashWorkspace(sandbox.url),
        'instances/ann.yaml': definitionOf('Ann'),
      });
      const place = { directory, env: { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' }, sandbox };
      sandbox.setFaults([respelt, { kind: 'slow-commit', ms: 8_000, answer, on: { methods: ['PATCH'] }, times: 1 }]);
      await applyHere(place, { time });
      expect(sandbox.faultsInjected()['slow-commit']).toBe(1);
      await time.run(time.sleep(60_000));
      sandbox.settle();
      expect(await planHere(place, time)).toEqual([]);
    } finally {
      await sandbox.close();
    }
  });
});
