import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../src');

const columns = [
  'tags',
  'config',
  'disk',
  'definition',
  'validation',
  'secret',
  'platform',
  'plan',
  'apply',
  'report',
  'handshake',
];

/** What a column may import of another one: the meaning that both need has its home there. */
const faces: Readonly<Record<string, readonly string[]>> = {
  secret: ['tags'],
  plan: ['tags'],
  apply: ['tags'],
  platform: ['http'],
};

/** Who may import whom; a room may always import itself. The table of src/README.md. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  model: [],
  http: ['model'],
  ...Object.fromEntries(columns.map((column) => [column, ['model', ...(faces[column] ?? [])]])),
  sandbox: ['model'],
  operation: ['model', 'http', ...columns.filter((column) => column !== 'report' && column !== 'handshake')],
  cli: ['model', 'operation', 'report', 'handshake', 'sandbox', 'disk'],
  action: ['model', 'http', 'operation', 'report', 'sandbox'],
};

const pureRooms = new Set(['model', 'definition', 'validation', 'plan', 'apply', 'report']);

/** The only files that may open a Secret: where it leaves for the platform or for GitHub, and where it goes into a keyed hash. */
const mayReveal =
  /^(?:(?:platform\/wire|platform\/authorization|platform\/connect|secret)\/|action\/github\/authorization\.ts$)/;

interface Source {
  readonly file: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources: readonly Source[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    return { file, room: file.split('/')[0] ?? '', text, imports };
  });

function roomOf(source: Source, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = path.relative(root, path.join(root, path.dirname(source.file), specifier));
  return target.startsWith('..') ? undefined : target.split('/')[0];
}

describe('the house', () => {
  it('has only rooms that the table names', () => {
    expect([...new Set(sources.map((source) => source.room))].filter((room) => !(room in mayImport))).toEqual([]);
  });

  it('imports only what the table allows', () => {
    const wrong = sources.flatMap((source) =>
      source.imports.flatMap((specifier) => {
        const room = roomOf(source, specifier);
        const allowed = room === undefined || room === source.room || (mayImport[source.room] ?? []).includes(room);
        return allowed ? [] : [`${source.file} imports ${specifier}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the pure rooms free of node: modules, clock, randomness and environment', () => {
    const impure = /\bprocess\.|\bDate\.now\b|\bnew Date\(\)|Math\.random|\bperformance\.now|\bsetTimeout\(/;
    const wrong = sources
      .filter((source) => pureRooms.has(source.room))
      .filter(
        (source) =>
          source.imports.some((name) => name.startsWith('node:')) || impure.test(withoutComments(source.text)),
      );
    expect(wrong.map((source) => source.file)).toEqual([]);
  });

  it('uses process only in cli and action', () => {
    const wrong = sources.filter(
      (source) => !['cli', 'action'].includes(source.room) && /\bprocess\./.test(withoutComments(source.text)),
    );
    expect(wrong.map((source) => source.file)).toEqual([]);
  });

  it('opens secrets only where they leave for the platform or go into a keyed hash', () => {
    const wrong = sources.filter(
      (source) =>
        source.room !== 'model' &&
        /\breveal(Value)?\b/.test(withoutComments(source.text)) &&
        !mayReveal.test(source.file),
    );
    expect(wrong.map((source) => source.file)).toEqual([]);
  });

  it('has no circle of imports between files', () => {
    const graph = new Map(
      sources.map((source) => [
        source.file,
        source.imports
          .filter((name) => name.startsWith('.'))
          .map((name) => path.join(path.dirname(source.file), name))
          .filter((name) => name.endsWith('.ts') && !name.startsWith('..')),
      ]),
    );
    expect(findCircle(graph)).toEqual([]);
  });

  it('has no barrels, no utils and no default exports', () => {
    const wrong = sources.filter(
      ({ file, text }) => /(^|\/)(index|utils?|types|helpers?)\.ts$/.test(file) || /^export default/m.test(text),
    );
    expect(wrong.map((source) => source.file)).toEqual([]);
  });
});

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
