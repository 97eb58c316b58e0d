// A platform that means harm: answers a list of instances as the named case says. Runs in a process of its own, so that its memory is not counted.
import { createServer } from 'node:http';

const mebibyte = 1024 * 1024;

/** An instance as the platform shows it, with whatever the case puts in. */
function instance(id, fields = {}) {
  return JSON.stringify({
    id,
    name: `Instance ${id}`,
    element: { id: 1, key: 'sharefile' },
    tags: ['a'],
    configuration: { 'sharefile.subdomain': 'a' },
    ...fields,
  });
}

/** Instances of a value of one length, so many a page. */
function pageOf(count, length) {
  return (number) => {
    const entries = Array.from({ length: count }, (_, index) =>
      instance(number * count + index + 1, { configuration: { note: 'x'.repeat(length) } }),
    );
    return `[${entries.join(',')}]`;
  };
}

/** So many pages, made by their number; the last one has no token. */
const cases = {
  'large-name': { pages: 1, page: () => `[${instance(1, { name: 'x'.repeat(5 * mebibyte) })}]` },
  'many-tags': {
    pages: 1,
    page: () => `[${instance(1, { tags: Array.from({ length: 200_000 }, (_, index) => `t${index}`) })}]`,
  },
  'deep-value': {
    pages: 1,
    page: () => `[${instance(1, { configuration: { note: 'DEEP' } }).replace('"DEEP"', deep(100_000))}]`,
  },
  'endless-large': { pages: Infinity, page: pageOf(200, 100_000) },
  'endless-small': { pages: Infinity, page: pageOf(200, 10) },
  'endless-true': { pages: Infinity, page: pageOf(200, 2_650) },
  'endless-one': { pages: Infinity, page: pageOf(1, 10) },
  'endless-empty-values': { pages: Infinity, page: () => `[${Array.from({ length: 200 }, () => '{}').join(',')}]` },
  'list-of-256-mib': { pages: 1_024, page: pageOf(200, 1_200) },
  'list-of-256-mib-in-four': { pages: 4, page: pageOf(200, 335_000) },
  'page-of-60-mib': { pages: 1, page: pageOf(200, 314_000) },
  'page-of-brackets': { pages: 1, page: () => `[${'[],'.repeat(5 * mebibyte)}[]]` },
  'many-keys': { pages: 1, page: () => `[${instance(1, { configuration: manyKeys(500_000) })}]` },
  'many-secrets': { pages: 1, page: () => `[${instance(1, { configuration: manySecrets(100_000) })}]` },
  drip: { pages: 1, page: () => `[${instance(1)}]`, drips: true },
};

function deep(levels) {
  return '['.repeat(levels) + ']'.repeat(levels);
}

function manyKeys(count) {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key.${index}`, 'v']));
}

function manySecrets(count) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`a${index}.password`, `secret-number-${index}`]),
  );
}

const { pages, page, drips = false } = cases[process.argv[2]];
const made = new Map();

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (!url.pathname.endsWith('/instances')) return answer(response, 404, '{"message":"not found","requestId":"1"}');
  const number = Number(url.searchParams.get('nextPage') ?? 0);
  // The first pages were made before anything is measured.
  const text = made.get(number) ?? page(number);
  if (number + 1 < pages) response.setHeader('elements-next-page-token', String(number + 1));
  if (drips) return drip(response, text);
  return answer(response, 200, text);
});

function answer(response, status, text) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(text);
}

function drip(response, text) {
  response.writeHead(200, { 'content-type': 'application/json' });
  let at = 0;
  const timer = setInterval(() => response.write(text[at++ % text.length]), 1_000);
  response.on('close', () => clearInterval(timer));
}

let kept = 0;
for (let number = 0; number < Math.min(pages, 1_100) && kept < 300 * mebibyte; number += 1) {
  made.set(number, page(number));
  kept += made.get(number).length;
}

server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
