import { spawn } from 'node:child_process';
import { linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cli, measureNode, repeat, say } from './measure.mjs';
import { openProfile, showDearest } from './profile.mjs';
import { stop } from './sandbox.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const mebibyte = 1024 * 1024;

/** What everything hostile has to keep to: milliseconds that somebody waits, and MiB at the peak. */
const budget = { wall: 2_000, peak: 300 };

const head = 'connector: sharefile\nname: A\nconfiguration:\n';

/** Files that a pull request may bring, by the case; each is validated. */
const workspaces = {
  '1 MB definition with 200 links to it': (folder) => {
    const text = `${head}  note: "${'x'.repeat(1000 * 1000)}"\n`;
    write(folder, 'a.yaml', text);
    for (let link = 0; link < 200; link += 1)
      symlinkSync('a.yaml', path.join(folder, 'instances', `link-${link}.yaml`));
  },
  '1 MB definition with 200 hard links': (folder) => {
    write(folder, 'a.yaml', `${head}  note: "${'x'.repeat(1000 * 1000)}"\n`);
    const file = path.join(folder, 'instances', 'a.yaml');
    for (let link = 0; link < 200; link += 1) linkSync(file, path.join(folder, 'instances', `link-${link}.yaml`));
  },
  '20,000 unknown keys': (folder) =>
    write(folder, 'a.yaml', `connector: a\nname: A\nconfiguration: {}\n${keys(20_000)}`),
  '20,000 unknown keys of a known connector': (folder) => write(folder, 'a.yaml', `${head}${keys(20_000, '  ')}`),
  '96 KB of ${{': (folder) => write(folder, 'a.yaml', `${head}  note: "${'${{'.repeat(32_000)}"\n`),
  '900 KB of ${{ on one line': (folder) => write(folder, 'a.yaml', `${head}  note: '${'${{'.repeat(300_000)}'\n`),
  '900 KB of ${{ secrets.A }}': (folder) =>
    write(folder, 'a.yaml', `${head}  note: '${'${{ secrets.A }}'.repeat(56_000)}'\n`),
  'text of 1 MB in double quotes': (folder) => write(folder, 'a.yaml', `${head}  note: "${'x'.repeat(1000 * 1000)}"\n`),
  'name of 900 KB': (folder) =>
    write(folder, 'a.yaml', `connector: sharefile\nname: ${'x'.repeat(900_000)}\nconfiguration: {}\n`),
  'value nested 100,000 deep': (folder) =>
    write(folder, 'a.yaml', `${head}  note: ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`),
  'value of JSON nested 100,000 deep': (folder) =>
    write(folder, 'a.yaml', `${head}  event.poller.configuration: '${'['.repeat(100_000)}${']'.repeat(100_000)}'\n`),
  '100,000 tags': (folder) =>
    write(
      folder,
      'a.yaml',
      `connector: sharefile\nname: A\ntags: [${Array.from({ length: 100_000 }, (_, tag) => `t${tag}`).join(', ')}]\nconfiguration: {}\n`,
    ),
  'alias bomb': (folder) => write(folder, 'a.yaml', bomb),
  'many files: 50,001': (folder) => many(folder, 50_001, () => `${head}  a: b\n`),
  'findings flood: 500 files of 20': (folder) =>
    many(folder, 500, () => `connector: a\nname: A\nconfiguration: {}\n${keys(20)}`),
  'findings flood: 10,000 empty files': (folder) => many(folder, 10_000, () => ''),
  '65 MiB of definitions': (folder) => many(folder, 66, () => `${head}  note: "${'x'.repeat(mebibyte - 200)}"\n`),
};

/** What is allowed, and takes as long as its text is: only the memory is judged. */
const large = {
  '60 MiB of definitions, which are allowed': (folder) =>
    many(folder, 61, () => `${head}  note: '${'x'.repeat(mebibyte - 200)}'\n`),
};

/** Answers of a platform, by the case; the plan reads them. */
const platforms = {
  'instance name of 5 MB': 'large-name',
  '200,000 tags on an instance': 'many-tags',
  'platform value nested 100,000 deep': 'deep-value',
  '500,000 keys on an instance': 'many-keys',
  '100,000 secrets on an instance': 'many-secrets',
  'pages of 20 MB without end': 'endless-large',
  'pages of 200 without end': 'endless-small',
  'pages of one without end': 'endless-one',
  'pages of nothing without end': 'endless-empty-values',
  '256 MiB list, 1,024 pages': 'list-of-256-mib',
  '256 MiB list, 4 pages': 'list-of-256-mib-in-four',
  'page of 60 MiB': 'page-of-60-mib',
  'page of 5 million lists': 'page-of-brackets',
};

const bomb = Array.from({ length: 30 }, (_, level) => {
  const inner = level === 0 ? 'lol' : `*l${level - 1}`;
  return `l${level}: &l${level} [${Array.from({ length: 10 }, () => inner).join(', ')}]\n`;
}).join('');

/**
 * Feeds what an attacker may send to the program, one case after the other, and prints wall time and peak memory of each.
 * @param only part of the names of the cases
 * @param slow true: also what ends after minutes
 * @returns how much of its budget the worst of them took
 */
export async function benchHostile({ folder, runs, profiles, only = '', slow = false }) {
  const place = path.join(folder, 'hostile');
  const cases = [
    ...Object.entries(workspaces).map(([name, make]) => ({ name, run: (flags) => validated(place, make, flags) })),
    ...Object.entries(large).map(([name, make]) => ({
      name,
      run: (flags) => validated(place, make, flags),
      limit: { ...budget, wall: Infinity },
    })),
    ...Object.entries(platforms).map(([name, kind]) => ({ name, run: (flags) => planned(place, kind, flags) })),
    // As large as a true account of the most instances that are read, which a plan may take 600 MiB for.
    {
      name: 'as many true instances as are read',
      run: (flags) => planned(place, 'endless-true', flags),
      limit: { wall: Infinity, peak: 600 },
    },
  ].filter(({ name }) => name.includes(only));
  // It sends a byte a second, and ends by the time limits of the client alone.
  if (slow) cases.push({ name: 'slow drip of a body', run: (flags) => planned(place, 'drip', flags) });

  say(`\nhostile input, at most ${budget.wall / 1000} s and ${budget.peak} MiB each`);
  const shares = [];
  for (const { name, run, limit = budget } of cases) {
    shares.push(await judge(name, { run, runs, limit }));
    if (profiles !== undefined) await profileCase(path.join(profiles, name.replaceAll(/\W+/g, '-')), run);
  }
  if (shares.length === 0) throw new Error(`No hostile case has ${only} in its name.`);
  return { hostile: Math.max(...shares) };
}

/** How much of its limit a case takes; more than there is when it ends in another way than it may. */
async function judge(name, { run, runs, limit }) {
  const ends = [];
  const { middle } = await repeat(runs, async () => {
    const one = await run();
    ends.push(one);
    return { one };
  });
  const measured = middle('one');
  // A crash ends with 1 as well, and is no answer.
  const isEnd = ends.every(
    ({ status, message }) => [0, 1, 3, 6].includes(status) && !/^[A-Z][A-Za-z]*Error\b/.test(message),
  );
  const share = isEnd ? Math.max(measured.wall / limit.wall, measured.peak / limit.peak) : Infinity;
  show(name, { ...ends[0], ...measured }, share <= 1);
  return share;
}

async function profileCase(folder, run) {
  await run(openProfile(folder));
  showDearest(folder);
}

function validated(folder, make, flags) {
  prepare(folder, 'platform: sandbox');
  make(folder);
  return measure(['validate'], { cwd: folder, env: { CONNECTORCTL_SECRET_A: 'a-secret-value' }, flags });
}

async function planned(folder, kind, flags) {
  const { url, child } = await startPlatform(kind);
  prepare(folder, `baseUrl: ${url}`);
  write(folder, 'a.yaml', `${head}  sharefile.subdomain: a\n`);
  const env = {
    CONNECTORCTL_USER_SECRET: 'user-secret-of-the-bench',
    CONNECTORCTL_ORGANIZATION_SECRET: 'organization-secret-of-the-bench',
    CONNECTORCTL_ALLOWED_HOSTS: new URL(url).host,
  };
  const measured = measure(['plan'], { cwd: folder, env, flags });
  await stop(child);
  return measured;
}

/** Runs the program, and keeps the first line of what it says is wrong. */
function measure(words, { cwd, env, flags = [] }) {
  const measured = measureNode([...flags, cli, ...words], { cwd, env, timeout: 600_000 });
  const said = `${measured.stderr}\n${measured.stdout}`.split('\n');
  const message = said.find((one) => /error|too |larger|cannot/i.test(one)) ?? said.find((one) => one !== '') ?? '';
  return { ...measured, message: message.trim().slice(0, 90) };
}

function startPlatform(kind) {
  const child = spawn(process.execPath, [path.join(here, 'hostile-platform.mjs'), kind]);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.stderr.pipe(process.stderr);
    child.stdout.setEncoding('utf8').once('data', (url) => resolve({ url: url.trim(), child }));
  });
}

function prepare(folder, environment) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, 'instances'), { recursive: true });
  writeFileSync(
    path.join(folder, 'connectorctl.yaml'),
    `version: 1\nworkspace: bench\ndefaultEnvironment: bench\nenvironments:\n  bench:\n    ${environment}\n`,
  );
}

function write(folder, name, text) {
  writeFileSync(path.join(folder, 'instances', name), text);
}

function many(folder, count, text) {
  for (let file = 0; file < count; file += 1) write(folder, `f${file}.yaml`, text(file));
}

function keys(count, indent = '') {
  return Array.from({ length: count }, (_, key) => `${indent}unknown${key}: value\n`).join('');
}

function show(name, { wall, cpu, peak, status, message }, isFine) {
  const figures = `${wall.toFixed(0).padStart(7)} ms ${(cpu * 1000).toFixed(0).padStart(7)} ms CPU ${peak.toFixed(0).padStart(6)} MiB`;
  say(`  ${name.padEnd(42)} ${figures}  ${isFine ? '  ' : '✗ '}exit ${status}  ${message}`);
}

/** Writes the workspace of one case, to look at it. */
export function prepareCase(name, folder) {
  prepare(folder, 'platform: sandbox');
  ({ ...workspaces, ...large })[name](folder);
}
