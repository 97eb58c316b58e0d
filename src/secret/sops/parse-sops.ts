import { type Alias, type Document, isMap, isNode, isScalar, isSeq, parseDocument, type Scalar, visit } from 'yaml';
import { refuse } from '../provider-fault.ts';
import { encrypted, type SopsLeaf, type SopsReading, toSopsFile } from './sops-file.ts';

/** Reads a file as SOPS writes it: dotenv when its name ends with `.env`, else YAML, of which JSON is a part. Decrypts nothing. */
export function parseSops(name: string, text: string): SopsReading {
  return /\.env$/i.test(name) ? parseDotenv(text) : parseYaml(text);
}

function parseYaml(text: string): SopsReading {
  try {
    return readDocument(parseDocument(text, { version: '1.2', schema: 'core', intAsBigInt: true, logLevel: 'silent' }));
  } catch (error) {
    // The parser calls itself for each level, and so does the walk.
    if (error instanceof RangeError) return refuse('sops-damaged', 'It cannot be read: it is nested too deeply.');
    throw error;
  }
}

function readDocument(document: Document.Parsed): SopsReading {
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    return refuse('sops-damaged', `It is not valid YAML or JSON: line ${line}, column ${col}.`);
  }
  const aliases: Alias[] = [];
  visit(document, { Alias: (_, alias) => void aliases.push(alias) });
  if (aliases.length > 0) return refuse('sops-damaged', 'It holds an alias (`*name`), which SOPS never writes.');
  const root: unknown = document.contents;
  if (!isMap(root)) return toSopsFile([], undefined);
  const entries = root.items.map(({ key, value }) => ({ name: keyOf(key), value }));
  const leaves = entries.flatMap(({ name, value }) => (name === 'sops' ? [] : listLeaves(value, [name])));
  const section = entries.find(({ name }) => name === 'sops')?.value;
  return toSopsFile(leaves, isNode(section) ? section.toJS(document) : undefined);
}

function listLeaves(node: unknown, path: readonly string[]): readonly SopsLeaf[] {
  if (isMap(node)) return node.items.flatMap(({ key, value }) => listLeaves(value, [...path, keyOf(key)]));
  if (isSeq(node)) return node.items.flatMap((item) => listLeaves(item, path));
  return isScalar(node) && node.value !== null ? [toLeaf(node, path)] : [];
}

function toLeaf({ value, source }: Scalar, path: readonly string[]): SopsLeaf {
  const text = typeof value === 'string' ? value : plainText(value, source);
  return { path, text, isEncrypted: encrypted.test(text) };
}

/** As SOPS puts a value that it did not encrypt into the MAC: it is written in Go. */
function plainText(value: unknown, source = ''): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : source;
}

function keyOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

/** Blanks belong to names and values, as SOPS has it. */
function parseDotenv(text: string): SopsReading {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const entries = lines.map((line) => splitAt(line, line.indexOf('=')));
  if (entries.some(([name]) => name === '')) return refuse('sops-damaged', 'It has a line without `NAME=`.');
  const section = new Map<string, string>();
  const leaves: SopsLeaf[] = [];
  for (const [name, written] of entries) {
    const value = written.replaceAll(String.raw`\n`, '\n');
    if (name.startsWith('sops_')) section.set(name.slice('sops_'.length), value);
    else if (value !== '') leaves.push({ path: [name], text: value, isEncrypted: encrypted.test(value) });
  }
  if (section.size === 0) return toSopsFile(leaves, undefined);
  const age = [...section].flatMap(([name, enc]) => (/^age__list_\d+__map_enc$/.test(name) ? [{ enc }] : []));
  const groups = [...section.keys()].flatMap((name) => /^key_groups__list_(\d+)__/.exec(name)?.[1] ?? []);
  const fields = Object.fromEntries(section);
  return toSopsFile(leaves, { ...fields, age, key_groups: [...new Set(groups)].map(() => ({})) });
}

function splitAt(line: string, place: number): readonly [string, string] {
  return place < 1 ? ['', line] : [line.slice(0, place), line.slice(place + 1)];
}
