import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { convertBody } from '../../../src/definition/convert/convert-body.ts';
import { readBody } from '../../../src/definition/convert/read-body.ts';
import { parseDocuments } from '../../../src/definition/parse-documents.ts';
import type { ConvertedBody } from '../../../src/definition/convert/convert-body.ts';
import type { Environment } from '../../../src/model/environment.ts';
import { isSecretKey } from '../../../src/model/secret-key.ts';
import { validateDocuments } from '../../../src/validation/validate-documents.ts';
import { documentedBodies, fillPlaceholders } from '../../support/documented-bodies.ts';

const rows = documentedBodies();

describe('the bodies of the documentation', () => {
  it('are all in the corpus', () => {
    expect(rows).toHaveLength(74);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(74);
  });

  it.each(rows)('$id: converts, and its mistakes are named', ({ id, body, mistakes }) => {
    const read = readBody(`${id}.json`, JSON.stringify(body));
    expect(read).toEqual({ ok: true, value: body, diagnostics: [] });
    const { yaml, diagnostics } = convertBody(body, { isSecretKey });
    expect([...new Set(diagnostics.map(({ code }) => code))].toSorted()).toEqual(mistakes);
    expect(diagnostics.every(({ severity }) => severity === 'warning')).toBe(true);
    expect(findStandIns(parse(yaml))).toEqual([]);
  });

  it.each(rows)('$id: every key of the configuration is still there, in the same order', ({ body }) => {
    const { yaml } = convertBody(body, { isSecretKey });
    const definition: { readonly configuration: object } = parse(yaml);
    expect(Object.keys(definition.configuration)).toEqual(Object.keys(body['configuration'] ?? {}));
  });
});

describe('the bodies of the documentation, converted, with their placeholders filled in', () => {
  it.each(rows)('$id: validates, or its mistake was named', ({ body, mistakes }) => {
    const errors = validateConverted(convertBody(body, { isSecretKey }));
    expect(errors.length === 0 || errors.some((code) => mistakes.includes(code))).toBe(true);
  });

  it('all validate: what the platform documents is never an error', () => {
    const refused = rows.filter(({ body }) => validateConverted(convertBody(body, { isSecretKey })).length > 0);
    expect(refused.map(({ id }) => id)).toEqual([]);
  });
});

/** A folder of real bodies, for whoever has one: the documentation's own are third-party and not part of this repository. */
const folder = process.env['CONNECTORCTL_BODIES'];
const files =
  folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'index.json');

describe('a folder of bodies', () => {
  it('is read when CONNECTORCTL_BODIES names one', () => {
    expect(files.length > 0).toBe(folder !== undefined);
  });

  for (const file of files) {
    it(`${file} converts`, () => {
      const read = readBody(file, readFileSync(path.join(folder ?? '', file), 'utf8'));
      const converted = convertBody(read.ok ? read.value : {}, { isSecretKey });
      const { yaml, diagnostics } = converted;
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(findStandIns(parse(yaml))).toEqual([]);
      // The shape in the corpus is that of the documentation, so it has the same mistakes.
      const codes = [...new Set(diagnostics.map(({ code }) => code))].toSorted();
      const row = rows.find(({ id }) => `${id}.json` === file);
      expect(codes).toEqual(row?.mistakes ?? codes);
      const errors = validateConverted(converted);
      expect(errors.length === 0 || errors.some((code) => codes.includes(code))).toBe(true);
    });
  }
});

/** Codes of the errors that validate finds when every secret and variable of the definition is set. */
function validateConverted(converted: ConvertedBody): readonly string[] {
  const limits = { maxDelete: 5, maxDeletePercent: 30, maxChangePercent: 100, maxTagLength: 255 };
  const { vars } = fillPlaceholders(converted);
  const environment: Environment = { name: 'sandbox', platform: 'sandbox', vars, prune: false, limits };
  const { documents, diagnostics } = parseDocuments(`instances/${converted.key}.yaml`, converted.yaml);
  const found = validateDocuments(documents, {
    environments: new Map([[environment.name, environment]]),
    environment,
    setSecrets: new Set(converted.secrets),
    describeSecret: (name) => name,
  });
  return [...diagnostics, ...found].filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

/** Placeholders, runs of x and masks that are left in a definition; `<SERVER_HOST>` and the like. */
function findStandIns(value: unknown): readonly string[] {
  if (typeof value === 'string') return /<[^<>]+>|x{5,}|\*{3,}/.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap((member) => findStandIns(member))
    : [];
}
