// A double of what auth0-deploy-cli asks of its API for clients, with the latency of the first argument, in ms. Prints its port.
import { readFileSync } from 'node:fs';
import https from 'node:https';

const [latency, keyFile, certificateFile] = process.argv.slice(2);
const clients = new Map();
let requests = 0;

const server = https.createServer(
  { key: readFileSync(keyFile), cert: readFileSync(certificateFile) },
  async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    setTimeout(() => answer(request, body, response), Number(latency));
  },
);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));

function answer({ method, url }, body, response) {
  const { pathname, searchParams } = new URL(url, 'https://localhost');
  const send = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (pathname === '/requests') {
    send(200, requests);
    requests = 0;
    return;
  }
  requests += 1;
  const id = /^\/api\/v2\/clients\/(.+)$/.exec(pathname)?.[1];
  if (id !== undefined && method === 'PATCH' && clients.has(id)) {
    clients.set(id, { ...clients.get(id), ...JSON.parse(body) });
    send(200, clients.get(id));
  } else if (pathname === '/api/v2/clients' && method === 'POST') {
    const client = { client_id: `c${clients.size + 1}`, ...JSON.parse(body) };
    clients.set(client.client_id, client);
    send(201, client);
  } else if (pathname === '/api/v2/clients' && method === 'GET') {
    send(200, listPage([...clients.values()], searchParams));
  } else {
    send(404, { statusCode: 404, error: 'Not Found', message: 'Not Found' });
  }
}

function listPage(all, query) {
  const [limit, page] = [Number(query.get('per_page') ?? 50), Number(query.get('page') ?? 0)];
  const part = all.slice(page * limit, (page + 1) * limit);
  if (query.get('include_totals') !== 'true') return part;
  return { start: page * limit, limit, length: part.length, total: all.length, clients: part };
}
