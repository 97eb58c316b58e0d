// Runs connectorctl and auth0-deploy-cli in turn, each against a double of its own API with the same latency and as many objects.
// The peer is installed into a folder that is removed again; nothing of it is kept.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cli, median, runNode } from './measure.mjs';
import { environment, startSandbox, stop } from './sandbox.mjs';
import { writeWorkspace } from './workspace.mjs';

const count = 100;
const latency = 20;
const peer = 'auth0-deploy-cli';
const here = path.dirname(fileURLToPath(import.meta.url));
const [rounds = '3'] = process.argv.slice(2);

const tasks = {
  create: `create ${count}`,
  noop: `apply, nothing changed`,
  update: `update 1 of ${count}`,
  plan: 'plan (dry run), nothing changed',
};

const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-peers-'));
try {
  const version = installPeer();
  const own = JSON.parse(readFileSync(path.join(here, '../../package.json'), 'utf8')).version;
  const table = [];
  for (let round = 0; round < Number(rounds); round += 1) {
    table.push({ ours: await runOurs(`ours-${round}`), theirs: await runTheirs(`theirs-${round}`) });
  }
  print(table, { own, version });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function installPeer() {
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', peer];
  const { status, stderr } = spawnSync('npm', words, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${peer} could not be installed.\n${stderr}`);
  return JSON.parse(readFileSync(path.join(folder, `node_modules/${peer}/package.json`), 'utf8')).version;
}

async function runOurs(name) {
  const sandbox = await startSandbox(path.join(folder, `${name}.jsonl`), latency);
  const workspace = path.join(folder, name);
  const env = environment(sandbox);
  const run = (...words) => runNode([cli, ...words], { cwd: workspace, env });
  try {
    writeWorkspace(workspace, count, sandbox.url);
    const create = run('apply', '--yes', '--quiet');
    const noop = run('apply', '--yes', '--quiet');
    const plan = run('plan');
    const file = path.join(workspace, 'instances/team-0/instance-3.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('customer-3', 'customer-three'));
    const update = run('apply', '--yes', '--quiet');
    return { create, noop, update, plan };
  } finally {
    await sandbox.stop();
  }
}

async function runTheirs(name) {
  const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  makeCertificate(key, certificate);
  const double = spawn(process.execPath, [path.join(here, 'auth0-double.mjs'), String(latency), key, certificate]);
  const port = await new Promise((resolve) => double.stdout.once('data', (text) => resolve(Number(text))));
  const file = path.join(folder, `${name}.yaml`);
  const env = {
    AUTH0_DOMAIN: `localhost:${port}`,
    AUTH0_ACCESS_TOKEN: 'bench',
    AUTH0_INCLUDED_ONLY: '["clients"]',
    NODE_EXTRA_CA_CERTS: certificate,
  };
  const run = async (...words) => {
    const program = path.join(folder, `node_modules/${peer}/lib/index.js`);
    const taken = runNode([program, 'import', '--input_file', file, ...words], { cwd: folder, env });
    return { ...taken, requests: await countRequests(port, certificate) };
  };
  try {
    writeClients(file, (index) => `Number ${index}`);
    const create = await run();
    const noop = await run();
    const plan = await run('--dry-run');
    writeClients(file, (index) => (index === 3 ? 'Number three' : `Number ${index}`));
    const update = await run();
    return { create, noop, update, plan };
  } finally {
    await stop(double);
  }
}

function writeClients(file, describe) {
  const clients = Array.from({ length: count }, (_, index) =>
    [`  - name: Client ${index}`, '    app_type: non_interactive', `    description: ${describe(index)}`].join('\n'),
  );
  writeFileSync(file, `clients:\n${clients.join('\n')}\n`);
}

function makeCertificate(key, certificate) {
  const words = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
  const { status, stderr } = spawnSync('openssl', [...words.split(' '), '-keyout', key, '-out', certificate], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`openssl made no certificate.\n${stderr}`);
}

function countRequests(port, certificate) {
  return new Promise((resolve, reject) => {
    https
      .get({ host: 'localhost', port, path: '/requests', ca: readFileSync(certificate), agent: false }, (response) =>
        response.once('data', (text) => resolve(Number(text))),
      )
      .on('error', reject);
  });
}

function print(table, { own, version }) {
  const middle = (side, task, what) => median(table.map((round) => round[side][task][what]));
  const show = (side, task) =>
    `${(middle(side, task, 'wall') / 1000).toFixed(2)} s, ${middle(side, task, 'cpu').toFixed(2)} s CPU`;
  const rows = Object.entries(tasks).map(
    ([task, name]) =>
      `| ${name} | ${show('ours', task)} | ${show('theirs', task)}, ${middle('theirs', task, 'requests')} requests |`,
  );
  process.stdout.write(
    [
      `Medians of ${table.length}, ${latency} ms a request, Node.js ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
      '',
      `| task | connectorctl ${own} | ${peer} ${version} |`,
      '| --- | --- | --- |',
      ...rows,
      '',
    ].join('\n'),
  );
}
