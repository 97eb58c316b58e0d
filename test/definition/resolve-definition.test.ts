import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { resolveDefinition } from '../../src/definition/resolve-definition.ts';
import { Secret } from '../../src/model/secret.ts';
import type { DesiredInstance } from '../../src/model/desired.ts';
import { anEnvironment, readDefinition } from '../support/definitions.ts';

interface World {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
}

function resolve(text: string, { secrets = {}, vars = {} }: World = {}) {
  const named = Object.entries(secrets).map(([name, value]) => [name, new Secret(value, `secrets.${name}`)] as const);
  return resolveDefinition(readDefinition(text), {
    environment: anEnvironment(vars),
    secrets: new Map(named),
    describeSecret: (name) => `the place of ${name}`,
  });
}

function desiredOf(text: string, world?: World): DesiredInstance {
  const checked = resolve(text, world);
  if (!checked.ok) throw new Error(inspect(checked.diagnostics));
  return checked.value;
}

function problemsOf(text: string, world?: World): readonly string[] {
  return resolve(text, world).diagnostics.map(({ code, at }) => `${at?.line}:${at?.column} ${code}`);
}

const head = 'connector: sharefile\nname: S\n';

function secretAt(desired: DesiredInstance, key: string): Secret {
  const value = desired.configuration.get(key);
  if (!(value instanceof Secret)) throw new Error(`${key} is no secret`);
  return value;
}

describe('a resolved definition', () => {
  it('has variables filled in everywhere', () => {
    const desired = desiredOf(
      'connector: s\nname: "On ${{ vars.host }}"\ntags: ["${{ vars.tag }}", b]\n' +
        'configuration:\n  url: https://${{ vars.host }}:${{ vars.port }}/\n  deep: { list: ["${{ vars.tag }}", 1] }\n' +
        'providerData:\n  site: ${{ vars.host }}\n',
      { vars: { host: 'example.com', port: '8080', tag: 'Docs' } },
    );
    expect(desired.name).toBe('On example.com');
    expect(desired.tags).toEqual(['Docs', 'b']);
    expect([...desired.configuration]).toEqual([
      ['url', 'https://example.com:8080/'],
      ['deep', { list: ['Docs', 1] }],
    ]);
    expect([...desired.providerData]).toEqual([['site', 'example.com']]);
  });

  it('keeps numbers, booleans and objects, and drops null', () => {
    const desired = desiredOf(
      `${head}configuration: { a: 15, b: true, c: { d: [null, 1] }, e: null, f: 1.10, g: "" }\n`,
    );
    expect([...desired.configuration]).toEqual([
      ['a', 15],
      ['b', true],
      ['c', { d: [null, 1] }],
      ['f', '1.10'],
      ['g', ''],
    ]);
  });

  it('has one Secret for a text with any secret inside', () => {
    const desired = desiredOf(
      `${head}configuration:\n  whole: \${{ secrets.A }}\n  part: Bearer \${{ secrets.A }}:\${{ secrets.B }}@\${{ vars.h }}\n`,
      { secrets: { A: 'alpha', B: 'beta' }, vars: { h: 'host' } },
    );
    expect(secretAt(desired, 'whole').equals('alpha')).toBe(true);
    expect(secretAt(desired, 'whole').origin).toBe('secrets.A');
    expect(secretAt(desired, 'part').equals('Bearer alpha:beta@host')).toBe(true);
    expect(secretAt(desired, 'part').origin).toBe('secrets.A + secrets.B');
  });

  it('has one Secret, the JSON text, for an object with a secret inside', () => {
    const awkward = 'quote " backslash \\ line\nend';
    const desired = desiredOf(
      `${head}configuration:\n  event.poller.configuration:\n    "a \\"b": { url: "/x?k=\${{ secrets.K }}&v=\${{ vars.v }}", n: [1, {}, [], null] }\n    c: true\n`,
      { secrets: { K: awkward }, vars: { v: '"' } },
    );
    const expected = { 'a "b': { url: `/x?k=${awkward}&v="`, n: [1, {}, [], null] }, c: true };
    expect(secretAt(desired, 'event.poller.configuration').equals(JSON.stringify(expected))).toBe(true);
  });

  it('never looks into what was put in', () => {
    const desired = desiredOf(`${head}configuration: { a: "\${{ vars.x }}" }\n`, { vars: { x: '${{ secrets.A }}' } });
    expect(desired.configuration.get('a')).toBe('${{ secrets.A }}');
  });

  it("leaves the platform's placeholders alone", () => {
    const url = "/poll?where=lastmodifieddate='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'";
    expect(desiredOf(`${head}configuration:\n  url: ${url}\n`).configuration.get('url')).toBe(url);
  });

  it('leaves any text without a reference as it is, byte for byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('${{'));
        const definition = { ...readDefinition(`${head}configuration: {}\n`), configuration: { a: text, b: [text] } };
        const checked = resolveDefinition(definition, {
          environment: anEnvironment(),
          secrets: new Map(),
          describeSecret: String,
        });
        expect(checked.ok && checked.value.configuration.get('a')).toBe(text);
        expect(checked.ok && checked.value.configuration.get('b')).toEqual([text]);
      }),
    );
  });

  it('is what the override of the environment makes of it', () => {
    const desired = desiredOf(
      `${head}adopt: { production: 7 }\nignore: [configuration.a.b]\nprotect: true\nconfiguration: { a: "\${{ secrets.UNSET }}", b: 1 }\noverrides:\n  production: { name: P, configuration: { a: null, b: 2 } }\n`,
    );
    expect(desired).toMatchObject({ name: 'P', adopt: '7', protect: true, source: { line: 1 } });
    expect([...desired.ignore]).toEqual(['a.b']);
    expect([...desired.configuration]).toEqual([['b', 2]]);
    expect(desired.at('/configuration/b').line).toBe(8);
  });

  it('shows no secret however it is printed', () => {
    const desired = desiredOf(
      `${head}configuration: { a: "\${{ secrets.A }}", b: { c: "\${{ secrets.A }}" } }\nproviderData: { code: "x\${{ secrets.A }}" }\n`,
      { secrets: { A: 'hunter2' } },
    );
    const printed = [
      inspect(desired, { depth: 9 }),
      JSON.stringify([...desired.configuration, ...desired.providerData]),
    ];
    for (const text of printed) expect(text).not.toContain('hunter2');
    expect(printed[0]).toContain('(secret)');
  });
});

describe('what cannot be resolved', () => {
  it('is told all at once, each with its exact place', () => {
    expect(
      problemsOf(
        'connector: s\nname: A ${{ vars.n }}\ntags:\n  - "x ${{ vars.t }}"\nconfiguration:\n' +
          '  a: https://${{ vars.u }}/${{ secrets.V }}\n  b:\n    c: [ "${{ secrets.V }}" ]\n  d: ${{ env.HOME }}\n',
      ),
    ).toEqual([
      '2:9 unset-variable',
      '4:8 unset-variable',
      '6:14 unset-variable',
      '6:28 unset-secret',
      '8:11 unset-secret',
      '9:6 malformed-reference',
    ]);
  });

  it('says where a value would be set', () => {
    const hints = resolve(`${head}configuration: { a: "\${{ vars.u }}\${{ secrets.V }}" }\n`).diagnostics.map(
      ({ hint }) => hint,
    );
    expect(hints).toEqual(['Add it to `environments.production.vars` in the workspace file.', 'Set the place of V.']);
  });

  it('in providerData is missing, and no error', () => {
    const desired = desiredOf(
      `${head}configuration: {}\nproviderData: { code: "\${{ secrets.CODE }}", org: "\${{ vars.org }}", empty: "\${{ secrets.EMPTY }}", state: x }\n`,
      { secrets: { EMPTY: '' } },
    );
    expect(desired.missingProviderData).toEqual(['CODE', 'org', 'EMPTY']);
    expect([...desired.providerData]).toEqual([['state', 'x']]);
  });

  it('includes secrets that are empty or a mask', () => {
    const world = { secrets: { E: '', M: '********', S: '*' } };
    const text = `${head}configuration:\n  a: \${{ secrets.E }}\n  b: \${{ secrets.M }}\n  c: x\${{ secrets.S }}\nproviderData:\n  d: \${{ secrets.M }}\n`;
    expect(problemsOf(text, world)).toEqual([
      '4:6 empty-secret',
      '5:6 masked-secret',
      '6:7 masked-secret',
      '8:6 masked-secret',
    ]);
  });

  it('includes a mask that was written or came from a variable', () => {
    const text = `${head}configuration:\n  a: "********"\n  b: { c: "\${{ vars.m }}" }\n`;
    expect(problemsOf(text, { vars: { m: '********' } })).toEqual(['4:6 masked-value', '5:11 masked-value']);
  });

  it('includes secrets in names and tags', () => {
    const text = 'connector: s\nname: ${{ secrets.A }}\ntags: ["x${{ secrets.A }}"]\nconfiguration: {}\n';
    expect(problemsOf(text, { secrets: { A: 'hunter2' } })).toEqual([
      '2:7 secret-not-allowed',
      '3:8 secret-not-allowed',
    ]);
    expect(JSON.stringify(resolve(text, { secrets: { A: 'hunter2' } }))).not.toContain('hunter2');
  });

  it('includes references in keys', () => {
    const text = `${head}configuration:\n  "\${{ vars.k }}": 1\n  a: { "x\${{ secrets.A }}": 1 }\nproviderData: { "\${{": x }\n`;
    expect(problemsOf(text, { vars: { k: 'v' } })).toEqual([
      '4:3 reference-in-key',
      '5:8 reference-in-key',
      '6:17 reference-in-key',
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString'])(
    'includes the name %s, which every object seems to have',
    (name) => {
      expect(problemsOf(`${head}configuration: { a: "\${{ vars.${name} }}" }\n`)).toEqual(['3:22 unset-variable']);
    },
  );
});
