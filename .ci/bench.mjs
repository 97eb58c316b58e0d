// First budgets, each beside a bare loop that does the least that has to be done. Prints figures; judges only the start-up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { benchStartUp } from './bench/start-up.mjs';
import { benchValidate } from './bench/validate.mjs';
import { benchApply } from './bench/apply.mjs';
import { benchCatalogue } from './bench/catalogue.mjs';
import { benchEvents } from './bench/events.mjs';
import { benchPlan } from './bench/plan.mjs';

const count = Number(process.argv[2] ?? 10_000);
const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-bench-'));
try {
  process.stdout.write(`Node.js ${process.version}, ${count} definitions\n`);
  const started = benchStartUp();
  benchValidate(folder, count);
  await benchCatalogue(folder, count);
  await benchPlan(folder, count);
  await benchApply(folder);
  await benchEvents(folder);
  if (started.ratio > 2) {
    process.stdout.write('\nStart-up is over its budget of 2 × a bare Node.js.\n');
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
