// Figures of .github/decisions/0001-applied-vector.md, from the sources themselves: odds of the hashes and characters in tags.
import { loadSources } from './bundle.mjs';

const { checkBytes, checksumBytes, encodeApplied, instanceBytes, nameBytes, valueBytes } = await loadSources(`
  export { checkBytes, checksumBytes, encodeApplied, instanceBytes, nameBytes, valueBytes } from './src/tags/applied-vector.ts';
`);

const keyCounts = [10, 20, 40];
/** HMAC-SHA-256 a second: a rack of graphics cards, generously. */
const rate = 1e12;

const lines = [
  'Odds',
  row('a changed HMAC key passes for the same', oneIn(2 ** (8 * checkBytes))),
  row('a changed value passes for unchanged', oneIn(2 ** (8 * valueBytes))),
  row('tags of another instance pass for those of this one', oneIn(2 ** (8 * instanceBytes))),
  row('an accidental edit of a tag passes unseen', oneIn(2 ** (8 * checksumBytes))),
  ...keyCounts.map((keys) =>
    row(
      `two of ${keys} keys of an instance share a name hash`,
      oneIn(2 ** (8 * nameBytes) / ((keys * (keys - 1)) / 2)),
    ),
  ),
  row('a removed key is taken for one of 100 other names', oneIn(2 ** (8 * nameBytes) / 100)),
  '',
  `Guessing with the HMAC key in hand, ${power(rate)} tries a second`,
  row('a PIN of 4 digits', duration(10 ** 4)),
  row('8 small letters and digits', duration(36 ** 8)),
  row('12 letters and digits', duration(62 ** 12)),
  row('20 letters and digits', duration(62 ** 20)),
  '',
  'Guessing without it, the same rate',
  row('a word of a list of 10^7, which is refused', duration(10 ** 7)),
  row('an organization secret of 128 bits', duration(2 ** 128)),
  row('a fingerprint key of 256 bits', duration(2 ** 256)),
  '',
  'Characters in tags                              10 keys   20 keys   40 keys',
  sizes('as sent', { create: true }),
  sizes('bound to the instance', {}),
  sizes('half of them secret', { secret: true }),
  sizes('every value came back in another spelling', { echo: true }),
  sizes('no value seen, all assumed', { assumed: true }),
  sizes('the same, with the names of a lost key', { assumed: true, former: true }),
];
process.stdout.write(`${lines.join('\n')}\n`);

/** Characters of all tags, and how many tags; each instance has its name beside its keys. */
function sizes(label, kind) {
  const cells = keyCounts.map((keys) => {
    const entries = Array.from({ length: keys + 1 }, (_, index) => [hash(nameBytes, index), toEntry(index, kind)]);
    const tags = encodeApplied({
      check: hash(checkBytes, 0),
      ...(kind.create ? {} : { instance: hash(instanceBytes, 1) }),
      entries: new Map(entries),
      ...(kind.former ? { former: [{ check: hash(checkBytes, 1), names: entries.map(([name]) => name) }] } : {}),
    });
    return `${tags.join('').length} in ${tags.length}`.padStart(8);
  });
  return `  ${label.padEnd(44)}  ${cells.join('  ')}`;
}

function toEntry(index, { secret, echo, assumed }) {
  return {
    value: hash(valueBytes, index),
    ...(assumed ? { assumed: true } : {}),
    ...(echo ? { echo: hash(valueBytes, index + 1) } : {}),
    ...(secret && index % 2 === 1 ? { secret: true, reference: hash(valueBytes, index + 2) } : {}),
  };
}

function hash(length, index) {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32BE(index);
  return bytes.toString('base64url');
}

function row(label, figure) {
  return `  ${label.padEnd(52)}${figure}`;
}

function oneIn(count) {
  return `1 in ${power(count)}`;
}

function power(number) {
  const exponent = Math.floor(Math.log10(number));
  const first = (number / 10 ** exponent).toFixed(1);
  return first === '1.0' ? `10^${exponent}` : `${first} × 10^${exponent}`;
}

/** Time to try half of all. */
function duration(all) {
  const seconds = all / 2 / rate;
  const year = 365.25 * 24 * 3600;
  if (seconds < 0.001) return 'at once';
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  if (seconds < 2 * year) return `${Math.round(seconds / 24 / 3600)} days`;
  const years = seconds / year;
  return years < 10_000 ? `${Math.round(years)} years` : `${power(years)} years`;
}
