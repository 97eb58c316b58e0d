// A door in front of a platform that lets so many requests a second through, each after a delay. Runs in a process of its own.
import { createServer, request as sendRequest, Agent } from 'node:http';

const [target, rate, burst, latency] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const agent = new Agent({ keepAlive: true });
const counted = { admitted: 0, refused: 0, first: 0, last: 0 };
let tokens = burst;
let filledAt = performance.now();

const server = createServer((incoming, outgoing) => {
  setTimeout(
    () => (takeToken(incoming.method !== 'GET') ? pass(incoming, outgoing) : refuse(incoming, outgoing)),
    latency / 2,
  );
});

function takeToken(isWrite) {
  const now = performance.now();
  tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * rate);
  filledAt = now;
  const isAdmitted = tokens >= 1;
  if (isAdmitted) tokens -= 1;
  // From the first write on everything counts: an apply looks at each instance before it writes it.
  if (isWrite || counted.first > 0) count(now, isAdmitted);
  return isAdmitted;
}

function count(now, isAdmitted) {
  counted.first ||= now;
  counted.last = now;
  counted[isAdmitted ? 'admitted' : 'refused'] += 1;
}

function pass(incoming, outgoing) {
  const { method, headers } = incoming;
  const onward = sendRequest(new URL(incoming.url, target), { method, headers, agent }, (answer) => {
    setTimeout(() => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    }, latency / 2);
  });
  incoming.pipe(onward);
}

function refuse(incoming, outgoing) {
  incoming.resume();
  setTimeout(() => {
    outgoing.writeHead(429, { 'retry-after': '1', 'content-type': 'application/json' });
    outgoing.end('{"message":"Too many requests"}');
  }, latency / 2);
}

process.on('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify({ ...counted, seconds: (counted.last - counted.first) / 1000 })}\n`);
  process.exit();
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
