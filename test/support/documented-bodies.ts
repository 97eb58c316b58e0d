import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../src/model/json.ts';

/** A body of the shape that the platform's documentation shows, with values of our own. */
export interface DocumentedBody {
  /** Connector, form and number: `sharefile-polling.2`. */
  readonly id: string;
  readonly body: JsonObject;
  /** Codes of what is wrong with the documented body, sorted; most have none. */
  readonly mistakes: readonly string[];
}

/** A row of test/corpus/documented-bodies.yaml. */
interface Row {
  readonly id: string;
  readonly is: { readonly connector: string; readonly name: string; readonly tags: string };
  /** Keys with the kind of their value: `username run, password asterisks`. */
  readonly configuration: string;
  readonly providerData?: string;
  readonly hub?: string;
  readonly polls?: Readonly<Record<string, readonly string[]>>;
  readonly mistakes?: readonly string[];
}

/** All rows of the corpus as bodies, in its order, mistakes of the documentation included. */
export function documentedBodies(): readonly DocumentedBody[] {
  const file = new URL('../corpus/documented-bodies.yaml', import.meta.url);
  const { bodies }: { readonly bodies: readonly Row[] } = parse(readFileSync(file, 'utf8'));
  return bodies.map((row) => ({ id: row.id, body: buildBody(row), mistakes: row.mistakes ?? [] }));
}

/** What a converted body needs before it can be validated and applied. */
export interface Filling {
  /** Process environment: `CONNECTORCTL_SECRET_<NAME>`. */
  readonly env: Readonly<Record<string, string>>;
  /** `vars` of the environment in `connectorctl.yaml`. */
  readonly vars: Readonly<Record<string, string>>;
}

/** A value for every secret and variable that the conversion asks for. Equal names get equal values, different ones differ. */
export function fillPlaceholders(converted: {
  readonly secrets: readonly string[];
  readonly vars: readonly string[];
}): Filling {
  return {
    env: Object.fromEntries(converted.secrets.map((name) => [`CONNECTORCTL_SECRET_${name}`, `s3cret of ${name}`])),
    vars: Object.fromEntries(converted.vars.map((name) => [name, fillVariable(name)])),
  };
}

function fillVariable(name: string): string {
  return /url$/i.test(name) ? `https://${name.toLowerCase()}.example.com/path` : `value-of-${name}`;
}

function buildBody(row: Row): JsonObject {
  const { connector, name, tags } = row.is;
  return {
    element: { key: connector },
    ...(row.providerData === undefined ? {} : { providerData: buildEntries(row, row.providerData) }),
    configuration: buildEntries(row, row.configuration),
    tags: [tags === 'placeholder' ? '<ADD_A_TAG>' : 'Corpus'],
    name: name === 'placeholder' ? '<NAME_OF_THE_INSTANCE>' : `Corpus ${row.id}`,
  };
}

function buildEntries(row: Row, entries: string): JsonObject {
  const split = entries.split(', ').map((entry) => entry.split(' '));
  return Object.fromEntries(split.map(([key = '', kind = '']) => [key, valueOf(kind, key, row)]));
}

function valueOf(kind: string, key: string, row: Row): Json {
  const { connector } = row.is;
  const words = key.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
  const values: Readonly<Record<string, Json>> = {
    'boolean-true': true,
    'boolean-false': false,
    'text-true': 'true',
    'text-false': 'false',
    'minutes-text': '15',
    'minutes-placeholder': '<minutes>',
    digits: '424242',
    phone: '+4930123456',
    version: '3.0',
    polling: 'polling',
    webhook: 'webhook',
    webhooks: 'webhooks',
    path: '/shared',
    literal: `a ${key.split('.').at(-1) ?? ''} of ours`,
    sentence: 'The code from the return address',
    run: 'xxxxxxxxxxxxxxxx',
    'run-with-host': 'xxxxxxx@mail.example.com',
    asterisks: '******',
    placeholder: `<PUT_${words}_HERE>`,
    'worded-placeholder': `<${connector} app ${key.replaceAll('.', ' ')} >`,
    'dotted-placeholder': `<${key}>`,
    'path-placeholder': '</START_FOLDER>',
    'example-placeholder': `<${words}_EG_db.example.com:3306>`,
    'optional-placeholder': `<OPTIONAL_${words}>`,
    'credential-placeholder': '<OWN_API_KEY>',
    address: 'https://app.example.com/hook',
    'plain-address': 'http://app.example.com',
    'broken-address': 'https;//app.example.com',
    'own-receiver': `https://api.example.com/elements/api-v2/events/${connector}/`,
    'foreign-receiver': 'https://api.example.com/elements/api-v2/events/othershop/',
    'address-from-template': 'https://api.example.com/elements/api-v2/events/page.elementKey/',
    'address-with-placeholder': 'https://<SERVER_HOST>:/service.asmx;',
    polls: Object.fromEntries(
      Object.entries(row.polls ?? {}).map(([name, poll]) => [name, buildPoll(row, name, poll)]),
    ),
  };
  const value = values[kind];
  if (value === undefined) throw new Error(`${row.id}: the corpus knows no kind ${kind}`);
  return value;
}

/** Tokens of a polled resource: id field, question, updated field, created field, and what is special about it. */
function buildPoll(row: Row, name: string, poll: readonly string[]): JsonObject {
  const [idField, question = 'none', updated = 'none', created = 'none', ...special] = poll;
  if (idField === undefined) return {};
  const isEpoch = question.endsWith(' epoch');
  const format = isEpoch ? 'milliseconds' : "yyyy-MM-dd'T'HH:mm:ss'Z'";
  const zone = special.includes('zone');
  const dates = {
    ...dateFields('updated', updated, special.includes('odd-format') ? "yyyy-MM-dd'T'HH:mm:ss'" : format, zone),
    ...dateFields('created', created, format, zone),
  };
  return {
    ...(special.includes('tolerance') ? { createdCheckTolerance: 5 } : {}),
    url: `/hubs/${row.hub ?? ''}/${name}${whereOf(question)}${endOf(special)}`,
    idField,
    ...(updated === 'none' ? {} : { datesConfiguration: dates }),
    ...(special.includes('paged') ? { filterByUpdatedDate: true, pageSize: 200 } : {}),
  };
}

function dateFields(prefix: 'updated' | 'created', field: string, format: string, zone: boolean): JsonObject {
  if (field === 'none') return {};
  return {
    [`${prefix}DateField`]: field,
    [`${prefix}DateFormat`]: format,
    ...(zone ? { [`${prefix}DateTimezone`]: 'GMT' } : {}),
  };
}

function whereOf(question: string): string {
  if (question === 'none') return '';
  const [field = '', macro = ''] = question.split(' ');
  const times: Readonly<Record<string, string>> = {
    epoch: 'epoch:ms',
    number: '1700000000',
    gmtDate: "gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'",
    date: "date:yyyy-MM-dd'T'HH:mm:ss'Z'",
  };
  return `?where=${field}>='\${${times[macro] ?? macro}}'`;
}

function endOf(special: readonly string[]): string {
  if (special.includes('open-quote')) return " and attributes='created,updated";
  return special.includes('stray-quote') ? "'" : '';
}
