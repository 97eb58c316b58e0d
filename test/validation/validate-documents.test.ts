import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import type { ParsedDocument } from '../../src/model/position.ts';
import { rules } from '../../src/validation/rules.ts';
import { validateDocuments } from '../../src/validation/validate-documents.ts';
import { aContext, anEnvironment, builtIn, checkFiles, checkText, toLine } from './check-text.ts';

const head = 'connector: sharefile\nname: ShareFile\n';

function aDocument(value: Json, changes: Partial<ParsedDocument> = {}): ParsedDocument {
  return { file: 'instances/a.yaml', index: 0, count: 1, value, at: () => place, ...changes };
}

const place = { file: 'instances/a.yaml', line: 1, column: 1 };

const fieldNames = (
  'connector name key tags configuration overrides production environments adopt ignore providerData ' +
  'event.poller.configuration event.notification.enabled base.url password url idField datesConfiguration ' +
  '__proto__ constructor toString '
).split(' ');

function refuse(): never {
  throw new Error('asked for a place');
}

/** The first 2,500 are worth a warning, the others an error. */
function faulty(index: number): Json {
  const fault = index < 2_500 ? { tags: ['a', 'a'] } : { enabled: 'x' };
  return { ...sound, name: `A ${index}`, ...fault };
}

describe('a file with problems without end', () => {
  it('may have more of them than a call takes arguments', () => {
    const value: Json = { ...sound, configuration: { 'sharefile.subdomain': '${{ '.repeat(150_000) } };
    const found = validateDocuments([aDocument(value)], aContext());
    expect(found.filter(({ code }) => code !== 'too-many-problems')).toHaveLength(100);
  });

  it('is told of its first hundred, and looks for the places of no others', () => {
    const value: Json = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`field${index}`, 'x']));
    const asked: string[] = [];
    const at = (pointer: string) => {
      asked.push(pointer);
      return place;
    };
    const found = validateDocuments([aDocument(value, { at })], aContext());
    expect(found).toHaveLength(101);
    expect(asked.length).toBeLessThan(1_000);
    expect(found.find(({ code }) => code === 'too-many-problems')).toMatchObject({
      severity: 'error',
      detail: expect.stringMatching(/^The file has \d+ more problems, which are not shown\.$/),
    });
  });

  it('is told of in one sentence where thousands of files have them, errors before warnings', () => {
    const files = Array.from({ length: 3_000 }, (_, index) => `instances/f${index}.yaml`);
    const all = files.map((file, index) => aDocument(faulty(index), { file, at: () => ({ ...place, file }) }));
    const found = validateDocuments(all, aContext());
    const errors = found.filter(({ severity }) => severity === 'error');
    expect(errors).toHaveLength(500);
    expect(found.length).toBe(2_001);
    expect(found.filter(({ code }) => code === 'too-many-problems')).toMatchObject([
      { severity: 'warning', detail: 'This file and 999 others have 1000 more problems, which are not shown.' },
    ]);
  });

  it('does not hide what is wrong in the others', () => {
    const bad = (file: string) => aDocument({ field: 'x' }, { file, at: () => ({ ...place, file }) });
    const many: Json = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`field${index}`, 'x']));
    const files = ['instances/b.yaml', 'instances/c.yaml'];
    const found = validateDocuments([aDocument(many), ...files.map(bad)], aContext());
    for (const file of files) expect(found.map(({ at }) => at?.file)).toContain(file);
  });
});

describe('validateDocuments', () => {
  it('names the environment that lacks a variable, and the nearest one it has', () => {
    const [first] = checkText(`${head}configuration: { username: '\${{ vars.stge }}' }\n`);
    expect(first?.detail).toBe(
      'The environment `production` has no variable `stge`, so `username` would have no value there.',
    );
    expect(first?.hint).toContain('Did you mean `vars.stage`?');
    expect(first?.hint).toContain('`environments.production.vars`');
  });

  it('reports an unset variable once for each environment that the definition is for', () => {
    const text = `${head}environments: [staging]\nconfiguration: { username: '\${{ vars.nobody }}' }\n`;
    expect(checkText(text).map(({ detail }) => detail)).toEqual([
      'The environment `staging` has no variable `nobody`, so `username` would have no value there.',
    ]);
  });

  it('marks the reference itself in a longer text', () => {
    const [found] = checkText(`${head}configuration:\n  username: "a \${{ vars.nobody }} b"\n`);
    expect(found?.at).toMatchObject({ line: 4, column: 16, endColumn: 34 });
  });

  it('does not ask for secrets when they are not to be checked', () => {
    const text = `${head}configuration: { password: '\${{ secrets.NOT_SET }}' }\n`;
    const { setSecrets, ...context } = aContext();
    expect(setSecrets).toBeDefined();
    expect(checkText(text)).toHaveLength(1);
    expect(
      validateDocuments([aDocument({ ...sound, configuration: { password: '${{ secrets.NOT_SET }}' } })], context),
    ).toEqual([]);
  });

  it('refuses references of an unknown kind', () => {
    const found = checkText(`${head}configuration: { username: '\${{ env.HOME }}' }\n`);
    expect(found.map(({ code }) => code)).toEqual(['malformed-reference']);
    expect(found[0]?.detail).toContain('Only `secrets.NAME` and `vars.NAME`');
  });

  it('says where a secret would be set', () => {
    const [found] = checkText(`${head}configuration: { password: '\${{ secrets.NOT_SET }}' }\n`);
    expect(found?.hint).toBe('Set the environment variable CONNECTORCTL_SECRET_NOT_SET.');
  });

  it('says nothing about unset secrets in providerData', () => {
    expect(checkText(`${head}configuration: {}\nproviderData: { code: '\${{ secrets.NOT_SET }}' }\n`)).toEqual([]);
  });

  it('takes the callback URL of an override into account, environment by environment', () => {
    const text = [
      head,
      'configuration:\n  event.notification.enabled: true\n',
      'overrides:\n  production:\n    configuration:\n      event.notification.callback.url: https://hooks.example.com\n',
    ].join('');
    expect(checkText(text).map(({ detail }) => detail)).toEqual([
      'Events are enabled in `staging`, but there is no `event.notification.callback.url`, so no program outside the platform is notified.',
    ]);
  });

  it('finds equal keys and names in different files, and shows the first of them', () => {
    const text = `${head}configuration: {}\n`;
    const found = checkFiles({ 'instances/b.yaml': text, 'instances/B.yaml': text });
    expect(found.map(toLine)).toEqual([
      'instances/B.yaml:1:1: error Duplicate key [duplicate-key]',
      'instances/B.yaml:2:7: warning Duplicate name [duplicate-name]',
    ]);
    expect(found.map(({ related }) => related?.[0]?.at.file)).toEqual(['instances/b.yaml', 'instances/b.yaml']);
  });

  it('allows one name in different environments and for different connectors', () => {
    const found = checkFiles({
      'instances/a.yaml': `${head}environments: [staging]\nconfiguration: {}\n`,
      'instances/b.yaml': `${head}environments: [production]\nconfiguration: {}\n`,
      'instances/c.yaml': 'connector: box\nname: ShareFile\nconfiguration: {}\n',
    });
    expect(found).toEqual([]);
  });

  it('gives equal diagnostics for equal documents, sorted by place and code', () => {
    const files = {
      'instances/b.yaml': 'nme: x\nconfiguration: { password: "********", tags: [a] }\n',
      'instances/a.yaml': '{}\n',
    };
    const lines = checkFiles(files).map(toLine);
    expect(lines).toEqual(checkFiles(files).map(toLine));
    expect(lines).toEqual([
      'instances/a.yaml:1:1: error Missing field [missing-field]',
      'instances/a.yaml:1:1: error Missing field [missing-field]',
      'instances/a.yaml:1:1: error Missing field [missing-field]',
      'instances/b.yaml:1:1: error Missing field [missing-field]',
      'instances/b.yaml:1:1: error Unknown field [unknown-field]',
      'instances/b.yaml:2:28: error Mask instead of a value [literal-mask]',
      'instances/b.yaml:2:40: error Tags inside the configuration [tags-in-configuration]',
    ]);
  });

  it('asks for no place when nothing is wrong', () => {
    expect(validateDocuments([aDocument(sound, { at: refuse })], aContext())).toEqual([]);
  });

  it('checks a workspace without environments', () => {
    const text = `${head}environments: [production]\nconfiguration: { event.notification.enabled: true }\n`;
    const found = checkText(text, { environments: new Map() });
    expect(found.map(({ code }) => code)).toEqual(['events-without-callback']);
  });

  it('answers something for every document that JSON can hold, and never throws', () => {
    const names = fc.constantFrom(...fieldNames);
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom<Json>(
          null,
          true,
          7.5,
          '********',
          '${{ vars.x }}',
          '${{',
          '${secrets.A}',
          'https;//x',
          '<A>',
          '{',
          "'",
        ),
        fc.string({ unit: 'binary' }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(names, tie('value'), { maxKeys: 8, noNullPrototype: false }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 3 }), (values) => {
        const documents = values.map((one, index) => aDocument(one, { index, count: values.length }));
        const found = validateDocuments(documents, aContext());
        const codes = new Set([...rules.map(({ code }) => code), 'too-many-problems']);
        for (const { code, at, detail } of found) {
          expect(codes).toContain(code);
          expect(at).toBeDefined();
          expect(detail).not.toContain('undefined');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never repeats what may be a secret', () => {
    const keys = fc.constantFrom(
      'password',
      'x.password',
      'oauth.api.secret',
      'oauth.api.key',
      'signature.key',
      'apiToken',
    );
    const around = fc.constantFrom('<', '>', '${', '}', '{{ secrets.', ' }}', '${{', 'https;//', ' ', '********', "'");
    const secret = fc.tuple(around, around).map(([before, after]) => `${before}hunter2${after}`);
    fc.assert(
      fc.property(keys, secret, secret, (key, value, code) => {
        const document = {
          ...sound,
          configuration: { [key]: value, nested: { [key]: [value] } },
          providerData: { code },
        };
        const found = validateDocuments([aDocument(document)], aContext());
        expect(JSON.stringify(found)).not.toContain('hunter2');
      }),
      { numRuns: 2000 },
    );
  });
});

const sound = { connector: 'sharefile', name: 'ShareFile', configuration: {} };

describe('the rules', () => {
  it('have codes of their own, and say why in a sentence', () => {
    const codes = rules.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const { code, message, help } of rules) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(message).toMatch(/^[A-Z].{3,45}[^.]$/);
      expect(help).toMatch(/^.{30,}\.$/);
    }
  });

  it('see variables of an environment only when it has them itself', () => {
    const environments = new Map([['one', anEnvironment('one', {})]]);
    const [found] = checkText(`${head}configuration: { username: '\${{ vars.toString }}' }\n`, { environments });
    expect(found?.code).toBe('unset-reference');
  });

  it('speak of the interval in minutes, and of units when there is one', () => {
    const [found] = checkText(`${head}configuration: { event.poller.refresh_interval: 15m }\n`);
    expect(found?.detail).toContain('Units are not supported.');
  });

  it('say what kind of value is wanted and what stands there', () => {
    const found = checkText(`${head}configuration: { a: [1] }\ntags: Docs\nenabled: 1\n`);
    expect(found.map(({ detail, hint }) => [detail, hint])).toEqual([
      [
        '`configuration.a` must be a string, a number, `true` or `false`, or a mapping for a key that contains JSON, but it is a list.',
        'Write it as one string, with the separator that the connector expects, often a comma.',
      ],
      ['`tags` must be a list of strings, but it is a string.', 'Write it as a list: `tags: [one, another]`.'],
      ['`enabled` must be `true` or `false`, but it is `1`.', 'Write `true` or `false`.'],
    ]);
  });
});

describe('what a vendor fills in for all', () => {
  it('is no secret that somebody wrote into the file', () => {
    const text = 'connector: saps4hanacloud\nname: S/4\nconfiguration: { saps4.csrf.token: fetch }\n';
    const [asIs = [], other = []] = [text, text.replace('fetch', 'Xq3vR')].map((yaml) =>
      checkText(yaml, { catalogue: builtIn }).map(({ code }) => code),
    );
    expect(asIs).not.toContain('literal-secret');
    expect(other).toContain('literal-secret');
  });
});

describe('the id of a connector', () => {
  it.each(['23', '"450"'])('is refused in place of its key: %s', (connector) => {
    const found = checkText(`connector: ${connector}\nname: Own\nconfiguration: {}\n`, { catalogue: builtIn });
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([['unknown-connector', 'error']]);
  });
});

describe('a field below the configuration', () => {
  it('may be a key of a connector that is not known, and the hint says how to make it known', () => {
    const own = 'connector: own(crm)\nname: Own\nconfiguration: { name: Sales }\n';
    expect(checkText(own, { catalogue: builtIn }).map(({ code, hint }) => [code, hint])).toEqual([
      ['misplaced-field', expect.stringContaining("make it known:\nconnectorctl catalog pull 'own(crm)'")],
    ]);
    const known = own.replace('own(crm)', 'box');
    expect(checkText(known, { catalogue: builtIn })[0]?.hint).not.toContain('catalog pull');
  });
});
