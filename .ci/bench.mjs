// Budgets, each beside a bare loop that does the least that has to be done. `bench hostile` feeds what an attacker may send.
// `bench [count] --profile`: also where the time of a plan goes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { benchStartUp } from './bench/start-up.mjs';
import { benchValidate } from './bench/validate.mjs';
import { benchApply } from './bench/apply.mjs';
import { benchCatalogue } from './bench/catalogue.mjs';
import { benchEvents } from './bench/events.mjs';
import { benchHostile } from './bench/hostile.mjs';
import { benchPlan } from './bench/plan.mjs';

const given = process.argv.slice(2);
const isProfiled = given.includes('--profile');
const [what = '10000', ...words] = given.filter((word) => word !== '--profile');
const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-bench-'));
try {
  if (what === 'hostile') await runHostile();
  else await runBudgets(Number(what));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runBudgets(count) {
  process.stdout.write(`Node.js ${process.version}, ${count} definitions\n`);
  const started = benchStartUp();
  benchValidate(folder, count);
  await benchCatalogue(folder, count);
  // Stays behind, to be opened in the tools of a browser.
  const profiles = isProfiled ? mkdtempSync(path.join(tmpdir(), 'connectorctl-profile-')) : undefined;
  await benchPlan(folder, count, { profiles });
  await benchApply(folder);
  await benchEvents(folder);
  if (started.ratio > 2) fail('Start-up is over its budget of 2 × a bare Node.js.');
}

/** `hostile [part of a case's name] [--slow]` */
async function runHostile() {
  const only = words.find((word) => !word.startsWith('-')) ?? '';
  if (!(await benchHostile(folder, { only, slow: words.includes('--slow') }))) fail('Not all kept to the budget.');
}

function fail(message) {
  process.stdout.write(`\n${message}\n`);
  process.exitCode = 1;
}
