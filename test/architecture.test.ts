import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareText } from '../src/model/compare-text.ts';

const root = path.join(import.meta.dirname, '../src');

interface Source {
  /** Below `src/`, with `/`. */
  readonly file: string;
  readonly room: string;
  readonly text: string;
  /** The text without its comments. */
  readonly code: string;
  /** As they are written. */
  readonly imports: readonly string[];
  /** Files of `src/` that it imports. */
  readonly targets: readonly string[];
}

const sources: readonly Source[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((name) => {
    const file = name.replaceAll(path.sep, '/');
    const text = readFileSync(path.join(root, file), 'utf8');
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    const targets = imports
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => path.posix.join(path.posix.dirname(file), specifier))
      .filter((target) => !target.startsWith('..'));
    return { file, room: roomOf(file), text, code: withoutComments(text), imports, targets };
  });

/** Who may import whom; a room may always import itself. Read from the map that people read. */
const map = readFileSync(path.join(root, 'README.md'), 'utf8');
const mayImport = readTable('may import');
const mayImportInside = readTable('may import of its own room');

const pureRooms = (/^The pure rooms \(([^)]*)\)/m.exec(map)?.[1] ?? '').split(', ');

/** What a pure room must be given. */
const impure =
  /\bprocess\.|\bglobalThis\b|\bDate\.now\b|\bnew Date\b(?!\s*\(\s*[^)\s])|(?<!new )\bDate\(|\bIntl\.DateTimeFormat\b|\.toLocale(?:Date|Time)?String\(|\bMath\.random\b|\bcrypto\b|\brandomUUID\b|\bperformance\.|\bset(?:Timeout|Interval|Immediate)\(|\bfetch\(/;

/** The only files that open a Secret: where it leaves for the platform, for GitHub or for Vault, where an answer of a provider is taken apart, where it opens what is encrypted, and where it goes into a keyed hash. */
const mayReveal = [
  'consent/answer.ts',
  'events/check-signature.ts',
  'model/secret.ts',
  'platform/wire/authorization.ts',
  'platform/wire/encode-request.ts',
  'secret/fingerprint.ts',
  'secret/redactor.ts',
  'secret/sops/open-sops.ts',
  'secret/vault/read-vault.ts',
  'action/github/authorization.ts',
];

describe('the house', () => {
  it('was found', () => {
    expect(sources.length).toBeGreaterThan(300);
    const count = (room: string) => sources.filter((source) => source.room === room).length;
    expect(Object.keys(mayImport).filter((room) => count(room) < 2)).toEqual([]);
  });

  it('has the rooms of the table, and no others', () => {
    const rooms = [...new Set(sources.map((source) => source.room))].toSorted(compareText);
    expect(rooms).toEqual(Object.keys(mayImport).toSorted(compareText));
    const described = [...map.matchAll(/^\| `(\w+)\/` +\|/gm)].map(([, room = '']) => room);
    expect(described.toSorted(compareText)).toEqual(rooms);
    const named = [...Object.values(mayImport).flat(), ...pureRooms];
    expect(named.filter((room) => !rooms.includes(room))).toEqual([]);
  });

  it('has a map whose files and folders exist', () => {
    const folders = new Set(sources.map(({ file }) => path.posix.dirname(file)));
    const rows = [...map.matchAll(/^\| `(\w+)\/` +\|([^|]*)\|([^|]*)\|/gm)];
    const missing = rows.flatMap(([, room = '', what = '', where = '']) =>
      [...`${what} ${where}`.matchAll(/`([\w/-]+(?:\.ts|\/))`/g)]
        .map(([, name = '']) => name)
        .filter((name) =>
          name.endsWith('/')
            ? !folders.has(`${room}/${name.slice(0, -1)}`)
            : !sources.some(({ file }) => file.startsWith(`${room}/`) && file.endsWith(`/${name}`)),
        )
        .map((name) => `${room}/${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('holds no mark of a merge that nobody resolved', () => {
    const wrong = sources.filter(({ text }) => /^(?:<{7}|>{7}) /m.test(text));
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('imports only what the table allows', () => {
    const wrong = sources.flatMap((source) =>
      source.targets
        .filter((target) => roomOf(target) !== source.room && !mayImport[source.room]?.includes(roomOf(target)))
        .map((target) => `${source.file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('uses all that the table allows', () => {
    const used = new Set(sources.flatMap(({ room, targets }) => targets.map((target) => `${room} ${roomOf(target)}`)));
    const unused = Object.entries(mayImport).flatMap(([room, others]) =>
      others.map((other) => `${room} ${other}`).filter((arrow) => !used.has(arrow)),
    );
    expect(unused).toEqual([]);
  });

  it('imports nothing that is not there', () => {
    const wrong = sources.flatMap(({ file, targets }) =>
      targets.filter((target) => !existsSync(path.join(root, target))).map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has sub-rooms that know nothing of the room around them', () => {
    const folders = Object.keys(mayImportInside);
    expect(folders.length).toBeGreaterThan(0);
    expect(folders.filter((folder) => !sources.some(({ file }) => file.startsWith(`${folder}/`)))).toEqual([]);
    const wrong = Object.entries(mayImportInside).flatMap(([folder, allowed]) =>
      sources
        .filter(({ file }) => file.startsWith(`${folder}/`))
        .flatMap(({ file, room, targets }) =>
          targets
            .filter((target) => roomOf(target) === room && !target.startsWith(`${folder}/`))
            .filter((target) => !allowed.includes(path.posix.dirname(target)))
            .map((target) => `${file} imports ${target}`),
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('has validation rules that know nothing of each other', () => {
    const rules = sources.filter(({ file }) => file.startsWith('validation/rules/'));
    expect(rules.length).toBeGreaterThan(30);
    const wrong = rules.filter(({ targets }) => targets.some((target) => target.startsWith('validation/rules/')));
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('keeps the pure rooms free of node: modules, clock, randomness and environment', () => {
    const wrong = sources
      .filter(({ room }) => pureRooms.includes(room))
      .filter(({ imports, code }) => imports.some((name) => name.startsWith('node:')) || impure.test(code));
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it.each([
    ['new Date()', true],
    ['new Date( )', true],
    ['new Date', true],
    ['Date()', true],
    ['new Date(text)', false],
    ['Date.parse(text)', false],
    ['new Intl.DateTimeFormat("en")', true],
    ['crypto.randomUUID()', true],
    ['randomUUID()', true],
    ['globalThis.process', true],
    ['setInterval(run, 1)', true],
  ])('takes `%s` for impure: %s', (code, is) => {
    expect(impure.test(code)).toBe(is);
  });

  it('uses process only in cli and action', () => {
    const wrong = sources.filter(({ room, code }) => !['cli', 'action'].includes(room) && /\bprocess\./.test(code));
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('opens secrets only where they leave for the platform or go into a keyed hash', () => {
    const opening = sources.filter(({ code }) => /\breveal(Value)?\b/.test(code)).map(({ file }) => file);
    expect(opening.toSorted(compareText)).toEqual(mayReveal.toSorted(compareText));
  });

  it('writes the prefixes of its tags once', () => {
    const prefix = /(?<![.\w])connectorctl(?:-applied)?(?:\\\/|\/(?!i\.test))/g;
    const found = sources
      .filter(({ room }) => room !== 'sandbox')
      .flatMap(({ file, code }) => (code.match(prefix) ?? []).map(() => file));
    const other = ['operation/connect.ts', 'action/run-action.ts', 'action/flows/accept-drift.ts'];
    // The others are the name of the program in a User-Agent header, and the name of a branch.
    expect(found.toSorted(compareText)).toEqual(
      [...other, 'tags/owner-tags.ts', 'tags/owner-tags.ts'].toSorted(compareText),
    );
  });

  it('declares a type name once', () => {
    const files = new Map<string, string[]>();
    for (const { file, code } of sources) {
      for (const [, name = ''] of code.matchAll(/^(?:export )?(?:interface|type|class) (\w+)/gm)) {
        files.set(name, [...(files.get(name) ?? []), file]);
      }
    }
    const repeated = [...files].filter(([, where]) => where.length > 1);
    expect(Object.fromEntries(repeated)).toEqual({});
  });

  it('has no circle of imports between files', () => {
    const graph = new Map(sources.map(({ file, targets }) => [file, targets]));
    expect(findCircle(graph)).toEqual([]);
  });

  it('has no barrels, no utils and no default exports', () => {
    const wrong = sources.filter(
      ({ file, text }) => /(^|\/)(index|utils?|types|helpers?)\.ts$/.test(file) || /^export default/m.test(text),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });
});

/** A table of the map: what stands in its first column, and the list in its second. Remarks in parentheses say nothing here. */
function readTable(heading: string): Readonly<Record<string, readonly string[]>> {
  const lines = map.split('\n');
  const head = lines.findIndex((line) => new RegExp(String.raw`^\|[^|]*\| ${heading} +\|$`).test(line));
  if (head === -1) throw new Error(`src/README.md has no table of what rooms ${heading}`);
  const rest = lines.slice(head + 2);
  const rows = rest.slice(
    0,
    rest.findIndex((line) => !line.startsWith('|')),
  );
  return Object.fromEntries(
    rows.map((row) => {
      const [, room = '', list = ''] = row.split('|').map((cell) => cell.trim());
      const names = list.replaceAll(/\([^)]*\)/g, '').split(',');
      return [room, list === 'nothing' ? [] : names.map((name) => name.trim())];
    }),
  );
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? '';
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}

function findCircle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): readonly string[] => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return [];
    done.add(file);
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...trail, file]);
      if (circle.length > 0) return circle;
    }
    return [];
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
