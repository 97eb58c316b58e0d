import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { defaultCreateOptions } from '../../src/apply/create-instance.ts';
import { openPendingCreates } from '../../src/operation/apply-lock.ts';
import { createOf } from '../support/create-world.ts';

const { gracePeriod } = defaultCreateOptions;

function aPlace() {
  const directory = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const notices: string[] = [];
  return { directory, environment: 'test', notice: (text: string) => void notices.push(text), notices };
}

it('remembers a create beyond the process, and for each environment and key of its own', async () => {
  const place = aPlace();
  const open = (environment = 'test') => openPendingCreates({ ...place, environment, wallNow: Date.now });
  await open().begin(createOf);
  expect(await open().timeLeft(createOf)).toBe(gracePeriod);
  expect(await open().timeLeft({ ...createOf, key: '../a' })).toBe(0);
  expect(await open('other').timeLeft(createOf)).toBe(0);
  expect(place.notices).toEqual([
    'An interrupted apply had started to create a. Looking for what it may have created, for up to 90 s.',
  ]);
  await open().end(createOf);
  expect(await open().timeLeft(createOf)).toBe(0);
});

it('forgets a create that no platform can be busy with any more, and is not fooled by a clock that was set back', async () => {
  const place = aPlace();
  const at = (time: number) => openPendingCreates({ ...place, wallNow: () => Date.now() + time });
  await at(0).begin(createOf);
  expect(await at(3_600_000).timeLeft(createOf)).toBe(0);
  expect(await at(-3_600_000).timeLeft(createOf)).toBe(gracePeriod);
});

it('says once that it cannot remember, and stops nothing', async () => {
  const place = aPlace();
  writeFileSync(path.join(place.directory, '.connectorctl'), 'A file in the place of the folder.');
  const pending = openPendingCreates({ ...place, wallNow: Date.now });
  await pending.begin(createOf);
  await pending.end(createOf);
  expect(await pending.timeLeft(createOf)).toBe(0);
  expect(place.notices).toEqual([expect.stringContaining('wait 90 s before the next one')]);
});
