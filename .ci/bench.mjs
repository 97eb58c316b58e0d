// How long the program takes, each task beside the least that has to be done for it. CONTRIBUTING says how it is used.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { benchCreates, benchUpdate } from './bench/apply.mjs';
import { budgets, judge, renderBudgets } from './bench/budgets.mjs';
import { benchCatalogue } from './bench/catalogue.mjs';
import { benchEvents } from './bench/events.mjs';
import { benchHostile } from './bench/hostile.mjs';
import { benchLimited } from './bench/limited.mjs';
import { say, tellAside } from './bench/measure.mjs';
import { benchFewUnchanged, benchGrowth, benchPlan } from './bench/plan.mjs';
import { benchStartUp } from './bench/start-up.mjs';
import { benchValidate } from './bench/validate.mjs';

/** Each answers its figures, by the names of their budgets. */
const tasks = {
  'start-up': benchStartUp,
  validate: benchValidate,
  plan: benchPlan,
  'plan-100': benchFewUnchanged,
  creates: benchCreates,
  update: benchUpdate,
  growth: benchGrowth,
  hostile: benchHostile,
  catalogue: benchCatalogue,
  limited: benchLimited,
  events: benchEvents,
};

/** Need instances that are there. */
const onLive = new Set(['plan', 'plan-100', 'update', 'growth']);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    slow: { type: 'boolean', default: false },
    count: { type: 'string' },
    runs: { type: 'string' },
    latency: { type: 'string', default: '20' },
    budget: { type: 'string', multiple: true, default: [] },
  },
});

const isTask = (word) => Object.hasOwn(tasks, word);
const withBudgets = Object.keys(tasks).filter((task) => budgets.some((budget) => budget.task === task));
const named = positionals.filter(isTask);
const chosen = named.length === 0 ? withBudgets : named;
const parts = positionals.filter((word) => !isTask(word));
if (parts.length > (named.includes('hostile') ? 1 : 0)) fail(`Tasks: ${Object.keys(tasks).join(', ')}`);
const others = new Map(values.budget.map(readBudget));
const runs = readNumber(values.runs) ?? (values.check ? 5 : 1);
const count = readNumber(values.count);
const latency = readNumber(values.latency);

if (values.json) tellAside();
const folder = mkdtempSync(path.join(os.tmpdir(), 'connectorctl-bench-'));
try {
  const figures = await measure();
  report(figures);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure() {
  const machine = { node: process.version, cores: os.availableParallelism(), runs };
  say(`Node.js ${machine.node}, ${machine.cores} cores, ${runs === 1 ? 'one run' : `medians of ${runs}`}`);
  const options = {
    folder,
    runs,
    latency,
    // Stays behind, to be opened in the tools of a browser.
    profiles: values.profile ? mkdtempSync(path.join(os.tmpdir(), 'connectorctl-profile-')) : undefined,
    live: chosen.some((task) => onLive.has(task)) ? await makeInstances() : undefined,
    count,
    only: parts[0],
    slow: values.slow,
  };
  const found = {};
  for (const task of chosen) Object.assign(found, await tasks[task](options));
  await options.live?.close();
  return { ...machine, found };
}

/** Loaded where it is needed: it bundles sources. */
async function makeInstances() {
  const { openLive } = await import('./bench/live.mjs');
  return openLive(folder);
}

function report({ found, ...machine }) {
  const judged = judge(found, others);
  if (judged.length > 0) say(`\n${renderBudgets(judged).join('\n')}`);
  if (values.count !== undefined)
    say(`These are figures of --count ${values.count}, which the budgets are not meant for.`);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...machine, budgets: judged }, undefined, 2)}\n`);
  const missed = judged.filter(({ kept }) => !kept).map(({ name }) => name);
  if (!values.check) return;
  say(missed.length === 0 ? '\nAll budgets are kept.' : `\nNot kept: ${missed.join(', ')}`);
  if (missed.length > 0) process.exitCode = 1;
}

/** `--budget validate=1.5`: in place of the one in the table. */
function readBudget(text) {
  const [name, most] = text.split('=');
  if (!budgets.some((budget) => budget.name === name)) {
    fail(`Budgets: ${budgets.map((budget) => budget.name).join(', ')}`);
  }
  return [name, readNumber(most)];
}

function readNumber(text) {
  if (text === undefined) return undefined;
  const number = Number(text);
  return text !== '' && number >= 0 ? number : fail(`${text} is no number.`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
