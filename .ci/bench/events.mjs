import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { cli, line, say } from './measure.mjs';

const peak = path.join(import.meta.dirname, 'report-peak.mjs');

const count = 10_000;
const key = 'bench key';

/** A burst of notifications to the listener, beside one to a server that looks at nothing. Fails when one that is right is lost. */
export async function benchEvents({ folder }) {
  const place = path.join(folder, 'events');
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, 'key'), key);
  say(`\nevents, ${count} notifications of ${bodyOf(0).length} bytes each, one in ten wrongly signed`);

  const bare = createServer((incoming, outgoing) => incoming.resume().once('end', () => outgoing.writeHead(204).end()));
  await new Promise((done) => bare.listen(0, '127.0.0.1', done));
  line('a server that looks at nothing', await burst(bare.address().port));
  bare.close();
  bare.closeAllConnections();

  const report = path.join(place, 'peak.json');
  const words = ['--import', peak, cli, 'events', 'listen', '--port', '0', '--key', 'key', '--json'];
  const listener = spawn(process.execPath, words, {
    cwd: place,
    env: { PATH: process.env.PATH, PEAK_REPORT: report },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said] = await once(listener.stderr, 'data');
  const shown = new Set();
  const lines = createInterface({ input: listener.stdout }).on('line', (text) => {
    const { accepted, notification } = JSON.parse(text);
    if (accepted) shown.add(notification.eventId);
  });
  const { wall, statuses } = await burst(/:(\d+)\//.exec(String(said))[1]);
  listener.kill('SIGINT');
  await Promise.all([once(lines, 'close'), once(listener, 'exit')]);
  // Sender and listener share the machine: what the listener itself takes says more than the time on the wall.
  const { cpu } = JSON.parse(readFileSync(report, 'utf8'));
  const right = count - count / 10;
  const isAll = statuses.get(204) === right && statuses.get(401) === count / 10 && shown.size === right;
  line(
    'events listen --json',
    { wall },
    `${Math.round((count / wall) * 1000)} a second, ${Math.round(cpu / count)} µs of CPU each, ${isAll ? 'none lost' : 'LOST'}`,
  );
  if (!isAll) throw new Error(`Of ${count}, ${[...statuses].join('; ')} were answered and ${shown.size} shown.`);
  return {};
}

async function burst(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const statuses = new Map();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const body = bodyOf(index);
      const used = index % 10 === 9 ? 'another key' : key;
      const signature = `sha256=${createHmac('sha256', used).update(body).digest('base64')}`;
      const headers = { 'elements-webhook-signature': signature, 'content-length': Buffer.byteLength(body) };
      const sent = request({ port, agent, method: 'POST', headers });
      sent.end(body);
      const [answer] = await once(sent, 'response');
      answer.resume();
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
    }),
  );
  const wall = performance.now() - started;
  agent.destroy();
  return { wall, statuses };
}

function bodyOf(index) {
  const event = { date: '2026-03-01T10:00:00Z', eventType: 'CREATED', objectId: `fi${index}`, objectType: 'documents' };
  const raw = { documents: [{ Id: `fi${index}`, Description: 'x'.repeat(1_000) }] };
  const message = { elementKey: 'sharefile', eventId: `e${index}`, instanceId: 1001, instanceName: 'Files', raw };
  return JSON.stringify({ topic: 'instance-1001-sharefile-events', message: { ...message, events: [event] } });
}
