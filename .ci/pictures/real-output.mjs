// What connectorctl really says of the workspace of the pictures: its text on a terminal, and the plan for the comment.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { root } from '../bundle.mjs';
import { before, byHand, commit, port, proposed, rotated, secrets } from './workspace.mjs';

const cli = path.join(root, 'dist/main.js');
export const columns = 100;

/** Plays the whole story in a folder of its own, and answers the text of the plan, with its colours, and the plan as data. */
export async function playStory(words) {
  const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-pictures-'));
  const sandbox = await startSandbox();
  try {
    const run = (args, env) => runCli(folder, args, { port: sandbox.port, env: { ...sandbox.env, ...env } });
    // A checkout as it stands on a runner, at one commit.
    writeFiles(folder, { ...before, '.git/HEAD': `${commit}\n` });
    await run(['apply', '--yes', '--concurrency', '1'], secrets);
    await changeByHand(sandbox);
    writeFiles(folder, proposed);
    const now = { ...secrets, ...rotated };
    // A plan that is written to a file ends with another next step than one that is only read.
    const [text] = await Promise.all([run(words, now), run([...words, '--out', 'plan.json'], now)]);
    return { text, plan: JSON.parse(readFileSync(path.join(folder, 'plan.json'), 'utf8')) };
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Serves the embedded platform on a free port. */
async function startSandbox() {
  const server = spawn(process.execPath, [cli, 'sandbox', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  let said = '';
  for await (const chunk of server.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += chunk;
    if (said.includes('Ctrl-C')) break;
  }
  const [, url] = / on (http\S+)/.exec(said) ?? [];
  if (url === undefined) throw new Error(`the sandbox did not start; it said "${said}"`);
  return {
    url,
    port: Number(new URL(url).port),
    env: Object.fromEntries([...said.matchAll(/(CONNECTORCTL_\w+)=(\S+)/g)].map(([, name, value]) => [name, value])),
    stop: async () => {
      server.kill('SIGINT');
      await ended;
    },
  };
}

/** Sends what the web page of the platform would send. */
async function changeByHand({ url, env }) {
  const headers = {
    authorization: `User ${env.CONNECTORCTL_USER_SECRET}, Organization ${env.CONNECTORCTL_ORGANIZATION_SECRET}`,
    'content-type': 'application/json',
  };
  const instances = await answerOf(fetch(`${url}/instances`, { headers }));
  const { id } = instances.find(({ name }) => name === byHand.name);
  const body = JSON.stringify({ configuration: byHand.configuration });
  await answerOf(fetch(`${url}/instances/${id}`, { method: 'PATCH', headers, body }));
}

async function answerOf(sent) {
  const response = await sent;
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}: ${await response.text()}`);
  return response.json();
}

function writeFiles(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text);
  }
}

async function runCli(folder, words, options) {
  const child = spawn(process.execPath, ['--import', toStage(options.port), cli, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, TERM: 'xterm', ...options.env, CONNECTORCTL_ALLOWED_HOSTS: `127.0.0.1:${port}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status]] = await Promise.all([
    readText(child.stdout),
    readText(child.stderr),
    once(child, 'exit'),
  ]);
  if (status !== 0) throw new Error(`connectorctl ${words.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/**
 * A module that is loaded into the program before its own: stdout is a terminal of our width, and the port in the workspace file, which
 * the pictures show, leads to the one that was free.
 */
function toStage(realPort) {
  const code = `
    import http from 'node:http';
    import tty from 'node:tty';
    tty.isatty = (descriptor) => descriptor === 1;
    process.stdout.columns = ${columns};
    const { createConnection } = http.Agent.prototype;
    http.Agent.prototype.createConnection = (options, ...rest) =>
      createConnection(options.port == ${port} ? { ...options, port: ${realPort} } : options, ...rest);`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
