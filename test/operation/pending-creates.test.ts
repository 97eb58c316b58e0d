import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { defaultCreateOptions } from '../../src/apply/create-instance.ts';
import { openPendingCreates } from '../../src/operation/pending-creates.ts';
import { aLive } from '../support/builders.ts';
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
  const open = (environment = 'test') => openPendingCreates({ ...place, environment });
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

it('has no age, as a clock may jump: only a look-up ends it', async () => {
  const place = aPlace();
  await openPendingCreates(place).begin(createOf);
  const pending = path.join(place.directory, '.connectorctl/pending/test');
  for (const mark of readdirSync(pending)) utimesSync(path.join(pending, mark), 0, 0);
  expect(await openPendingCreates(place).timeLeft(createOf)).toBe(gracePeriod);
});

it('tells what was made before the mark goes', async () => {
  const place = aPlace();
  const made: string[] = [];
  const pending = openPendingCreates({ ...place, made: (id) => void made.push(id) });
  await pending.begin(createOf);
  await pending.end(createOf, aLive({ id: '7' }));
  await pending.end(createOf);
  expect(made).toEqual(['7']);
});

it('says once that it cannot remember, and stops nothing', async () => {
  const place = aPlace();
  writeFileSync(path.join(place.directory, '.connectorctl'), 'A file in the place of the folder.');
  const pending = openPendingCreates({ ...place });
  await pending.begin(createOf);
  await pending.end(createOf);
  expect(await pending.timeLeft(createOf)).toBe(0);
  expect(place.notices).toEqual([expect.stringContaining('wait 90 s before the next one')]);
});
