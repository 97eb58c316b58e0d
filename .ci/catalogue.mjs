// The built-in catalogue, made from the entries of connectors that a platform answered: one JSON object a line, as `GET /elements/{key}` gives it.
// Usage: node .ci/catalogue.mjs DATE FILE
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadSources, root } from './bundle.mjs';

const [date, file] = process.argv.slice(2);
if (!/^\d{4}-\d{2}-\d{2}$/.test(date ?? '') || file === undefined)
  throw new Error('Usage: node .ci/catalogue.mjs DATE FILE');

const { decodeConnector, encodeCatalogue } = await loadSources(`
  export { decodeConnector } from './src/platform/wire/decode-connector.ts';
  export { encodeCatalogue } from './src/catalogue/compact.ts';
`);

const connectors = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line))
  .map((entry) => {
    const decoded = decodeConnector(entry, entry.key);
    if (!decoded.ok) throw new Error(`${entry.key}: ${decoded.problem ?? JSON.stringify(decoded)}`);
    return decoded.value;
  });
const target = path.join(root, 'src/catalogue/built-in.json');
writeFileSync(target, `${JSON.stringify(encodeCatalogue(date, connectors), undefined, 2)}\n`);
process.stdout.write(`${connectors.length} connectors in ${path.relative(root, target)}\n`);
